import { once } from 'node:events';
import { Client } from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { SyslogReceiver } from '../audit/syslog-receiver.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';

const ENTRIES = 5_000;
let database: TestDatabase;
let receiver: SyslogReceiver;
let fleet: Fleet;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await new SyslogReceiver().listen();
  fleet = await Fleet.start({
    database,
    environment: { REEVE_AUDIT_SYSLOG: `tcp://127.0.0.1:${receiver.port}` },
  });
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await fleet?.stop();
  await client?.end();
  await receiver?.die();
  await database?.drop();
});

it('syslog gets every entry although the processes that deliver are killed while they do', async () => {
  await client.query(
    `INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, action, resource_type, resource_id, outcome, detail, leaf_hash)
     SELECT gen_random_uuid(), $1, now(), 'system', 'kite.fly', 'kite', n::text, 'success', $2, decode(repeat('ab', 32), 'hex')
       FROM generate_series(1, ${ENTRIES}) AS n`,
    [DEFAULT_TENANT_ID, JSON.stringify({ note: 'x'.repeat(500) })],
  );
  while (receiver.messages.length < 700) await once(receiver, 'message');
  await Promise.all(fleet.all.map((process) => process.kill()));
  const before = receiver.messages.length;
  await fleet.all[0].start();
  // The log has other entries as well, of what the service did when it started.
  await receiver.received(ENTRIES, 'kite.fly');
  const flown = receiver.messages.filter(({ messageId }) => messageId === 'kite.fly');
  expect(new Set(flown.map(({ content }) => content.resourceId)).size).toBe(ENTRIES);
  const seqs = [...new Set(receiver.seqs)].sort((a, b) => a - b);
  expect(seqs).toEqual(seqs.map((_, index) => index));
  // What was on its way when they were killed came again: at least once, not at most.
  expect(receiver.messages.length).toBeGreaterThanOrEqual(Math.max(before, ENTRIES));
  expect(fleet.all.flatMap(({ crashes }) => crashes)).toEqual([]);
});
