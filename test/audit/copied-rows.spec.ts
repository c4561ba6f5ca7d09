import pg from 'pg';
import { copyRows } from '../../src/modules/audit/verification/copied-rows.js';
import { testServer } from '../support/postgres.js';

describe('Rows that are copied', () => {
  let client: pg.Client;

  beforeAll(async () => {
    client = new pg.Client({ connectionString: testServer().superuserUrl, query_timeout: 60_000 });
    await client.connect();
  });
  afterAll(() => client?.end());

  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const TIMES = 40;

  it('are read, and leave no time limit running behind them', async () => {
    const before = timers();
    const numbers: number[] = [];

    for (let n = 0; n < TIMES; n += 1)
      await copyRows(client, `SELECT ${n}::bigint`, (row) => numbers.push(row.number()));

    expect(numbers).toEqual(Array.from({ length: TIMES }, (_, n) => n));
    // Others come and go in this process.
    expect(timers()).toBeLessThan(before + TIMES / 2);
  });

  it('that could not be read leave none either, and the connection goes on', async () => {
    const before = timers();

    for (let n = 0; n < TIMES; n += 1)
      await expect(copyRows(client, 'SELECT 1 / 0', () => undefined)).rejects.toThrow(/division by zero/);

    expect(timers()).toBeLessThan(before + TIMES / 2);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
