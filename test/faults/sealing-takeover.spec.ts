import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet, type ServiceProcess } from '../support/processes.js';

let database: TestDatabase;
let fleet: Fleet;

beforeAll(async () => {
  database = await createTestDatabase();
  fleet = await Fleet.start({ database });
});
afterAll(async () => {
  await fleet?.stop();
  await database?.drop();
});

/** The place that the newest entry gets, as soon as it has one. */
async function sealed(http: HttpClient): Promise<number> {
  for (;;) {
    const { body } = await http.get('/audit/entries?limit=1');
    const [{ seq }] = (body as { items: { seq: number | null }[] }).items;
    if (seq !== null) return seq;
    await sleep(50);
  }
}

describe('two processes that seal, of which either is killed', () => {
  it('are one sealer: the other goes on where the first ended', async () => {
    const admin = await fleet.admin();
    const at = ({ url }: ServiceProcess) => admin.at(url);
    const [one, other] = fleet.all;
    let last = await sealed(at(one));
    for (const [killed, survivor] of [
      [one, other],
      [other, one],
    ]) {
      await at(killed).post('/service-principals', { name: `before-${killed.port}` });
      await killed.kill();
      await at(survivor).post('/service-principals', { name: `after-${killed.port}` });
      const now = await sealed(at(survivor));
      expect(now).toBeGreaterThanOrEqual(last + 2);
      last = now;
      // Nobody is left for another turn that needs it.
      if (killed === one) await killed.start();
    }
    const { body } = await at(one).get(`/audit/proofs/consistency?from=1&to=${last + 1}`);
    expect(body).toMatchObject({ from: 1, to: last + 1 });
  });
});
