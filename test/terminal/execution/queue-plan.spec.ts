import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DEFAULT_TENANT_ID } from '../../../src/kernel/operation/index.js';
import { queued } from '../../../src/modules/terminal/execution/runs.repository.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { queryPlan } from '../../support/query-plan.js';

const LONG_QUEUE = 20_000;
const ROOM = 16;
const MOST_OF_ONE = 12;

describe('The look for what is to be run next', () => {
  let database: TestDatabase;
  let client: Client;
  const [busy, other] = [randomUUID(), randomUUID()];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    await enqueue(busy, 1, LONG_QUEUE);
    // Two agents of one person, who asked last.
    await enqueue(randomUUID(), LONG_QUEUE + 1, LONG_QUEUE + 2, other);
    await enqueue(randomUUID(), LONG_QUEUE + 3, LONG_QUEUE + 4, other);
    await client.query('VACUUM ANALYZE command_requests');
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  async function enqueue(principal: string, from: number, to: number, delegator: string | null = null) {
    await client.query(
      `INSERT INTO command_requests (id, tenant_id, principal_kind, principal_id, principal_name, delegator_id, session_id,
         mode, display, digest, policy_version, verdict, status, created_at)
       SELECT lpad(to_hex(n), 32, '0')::uuid, $1, 'agent', $2, 'agent', $3, 's', 'server', 'x', '', '', 'allow', 'queued', now()
         FROM generate_series($4::int, $5::int) AS n`,
      [DEFAULT_TENANT_ID, principal, delegator, from, to],
    );
  }

  const idOf = (number: number) => `00000000-0000-0000-0000-${number.toString(16).padStart(12, '0')}`;
  const numbersOf = async (holders: string[], aside: number[] = []) => {
    const values = [ROOM, holders, MOST_OF_ONE, aside.map(idOf)];
    const { rows } = await client.query<{ id: string }>(queued.text, values);
    return rows.map(({ id }) => parseInt(id.replaceAll('-', ''), 16));
  };

  it('takes turns, and leaves room however long the queue of one is', async () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((n) => LONG_QUEUE + n);
    expect(await numbersOf([])).toEqual([1, a, 2, b, 3, c, 4, d, 5, 6, 7, 8, 9, 10, 11, 12]);
    // Who has some running already comes after who has none.
    expect(await numbersOf([busy, busy, busy])).toEqual([a, b, c, 1, d, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await numbersOf(Array<string>(MOST_OF_ONE).fill(busy))).toEqual([a, b, c, d]);
    // What stands aside takes nobody's turn.
    const first = Array.from({ length: MOST_OF_ONE }, (_, index) => index + 1);
    expect((await numbersOf([], [...first, a])).slice(0, 5)).toEqual([
      MOST_OF_ONE + 1,
      b,
      MOST_OF_ONE + 2,
      c,
      MOST_OF_ONE + 3,
    ]);
  });

  it('does not go through that queue', async () => {
    const { kinds, touched } = await queryPlan(client, {
      text: queued.text,
      values: [ROOM, [busy], MOST_OF_ONE, Array.from({ length: ROOM }, (_, index) => idOf(index + 1))],
    });
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThan(10 * ROOM);
  });
});
