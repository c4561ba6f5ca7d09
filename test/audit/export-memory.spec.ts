import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const ROOT = join(__dirname, '../..');
const ENTRIES = 30_000;
/** Each export has more than this. */
const MOST_GROWTH = 64 * 1024 * 1024;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(
    `INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, actor_id, action, resource_type, resource_id, outcome, detail, leaf_hash)
     SELECT ('01936f5e-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, now(), 'user', 'ada', 'kite.fly', 'kite', n::text,
            'success', $2, decode(repeat('ab', 32), 'hex')
       FROM generate_series(1, ${ENTRIES}) AS n`,
    [DEFAULT_TENANT_ID, JSON.stringify({ note: 'x'.repeat(3_000) })],
  );
  await client.query(
    `INSERT INTO audit_leaves (tenant_id, seq, entry_id, leaf_hash)
     SELECT tenant_id, row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM audit_entries`,
  );
  const bytes = `decode('${'cd'.repeat(32)}', 'hex')`;
  await client.query(
    `INSERT INTO audit_keys (key_id, public_key, created_at) VALUES ('a key', ${bytes}, now())`,
  );
  await client.query(
    `INSERT INTO audit_checkpoints (tenant_id, tree_size, root_hash, key_id, note, created_at)
     VALUES ($1, ${ENTRIES}, ${bytes}, 'a key', '', now())`,
    [DEFAULT_TENANT_ID],
  );
  // As the server does by itself within a minute.
  await client.query('ANALYZE');
  await client.end();
});
afterAll(() => database?.drop());

it('takes no more memory for a long log than for a short one, in any format', async () => {
  const child = join(__dirname, 'children/export-process.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      // Without a limit garbage is left lying for as long as there is room.
      '--max-old-space-size=160',
      join(ROOT, 'test/support/run-typescript.cjs'),
      child,
      database.ownerUrl,
      database.runtimeUrl,
    ],
    { cwd: ROOT, env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' } },
  );
  const { lines, grewBy } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    lines: number[];
    grewBy: number;
  };
  // Head lines, the ends of the list, the checkpoint, the key; and the exports that are on record.
  for (const count of lines) expect(count).toBeGreaterThan(ENTRIES);
  expect(grewBy).toBeLessThan(MOST_GROWTH);
});
