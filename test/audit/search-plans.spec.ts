import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { conditionsFor } from '../../src/modules/audit/entry-conditions.js';
import type { AuditEntriesQuery } from '../../src/modules/audit/audit-entry.dto.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const ENTRIES = 60_000;
let database: TestDatabase;
let client: Client;
const rare = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  // Most entries are alike; every 5,000th has what a search would look for.
  await client.query(
    `INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, actor_id, action, resource_type, resource_id, outcome,
       request_id, gateway_id, department_id, delegation_path, detail, leaf_hash)
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid, $1, at, 'user',
       CASE WHEN needle THEN $2 ELSE (n % 50)::text END,
       CASE WHEN needle THEN 'needle.find' ELSE 'session.refresh' END,
       CASE WHEN needle THEN 'needle' ELSE 'session' END,
       CASE WHEN needle THEN $2 ELSE n::text END,
       CASE WHEN needle THEN 'denied' ELSE 'success' END,
       CASE WHEN needle THEN $2 ELSE 'request-' || n END,
       CASE WHEN needle THEN $2::uuid END, CASE WHEN needle THEN $2::uuid END,
       CASE WHEN needle THEN ARRAY['outer', $2] ELSE '{}' END, '{}', ''
     FROM (SELECT n, n % 5000 = 0 AS needle, timestamptz '2026-01-01' + n * interval '10 seconds' AS at
           FROM generate_series(1, ${ENTRIES}) AS n) AS rows`,
    [DEFAULT_TENANT_ID, rare],
  );
  await client.query('ANALYZE audit_entries');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

interface Plan {
  'Node Type': string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** Rows that the page's plan touched, and the kinds of its nodes. */
async function plan(filter: Partial<AuditEntriesQuery>) {
  const { where, values } = conditionsFor(DEFAULT_TENANT_ID, filter, null);
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM audit_entries e WHERE ${where} ORDER BY e.id DESC LIMIT 51`,
    values,
  );
  const nodes: Plan[] = [];
  const visit = (node: Plan): void => {
    nodes.push(node);
    node.Plans?.forEach(visit);
  };
  visit(rows[0]['QUERY PLAN'][0].Plan);
  return {
    kinds: nodes.map((node) => node['Node Type']),
    touched: Math.max(...nodes.map((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0))),
    found: nodes[0]['Actual Rows'],
  };
}

const NEEDLES = ENTRIES / 5_000;

it.each<[string, Partial<AuditEntriesQuery>, number]>([
  ['nothing', {}, 51],
  ['actor', { actor: rare }, NEEDLES],
  ['actor with its kind', { actor: `user:${rare}` }, NEEDLES],
  ['a busy actor', { actor: '7' }, 51],
  ['action', { action: 'needle.find' }, NEEDLES],
  ['the beginning of an action', { action: 'needle.*' }, NEEDLES],
  ['the beginning of a busy action', { action: 'session.*' }, 51],
  ['resource type', { resourceType: 'needle' }, NEEDLES],
  ['resource id', { resourceId: rare }, NEEDLES],
  ['resource type and id', { resourceType: 'needle', resourceId: rare }, NEEDLES],
  ['gateway', { gateway: rare }, NEEDLES],
  ['department', { department: rare }, NEEDLES],
  ['outcome', { outcome: 'denied' }, NEEDLES],
  ['the usual outcome', { outcome: 'success' }, 51],
  ['request', { requestId: rare }, NEEDLES],
  ['delegation', { delegation: rare }, NEEDLES],
  ['time', { since: '2026-01-03T00:00:00.000Z', until: '2026-01-03T00:05:00.000Z' }, 30],
  ['time and action', { since: '2026-01-03T00:00:00.000Z', action: 'needle.find' }, 9],
])('a search by %s reads about as many entries as it shows', async (_what, filter, expected) => {
  const { kinds, touched, found } = await plan(filter);
  expect(found).toBe(expected);
  expect(kinds).not.toContain('Seq Scan');
  expect(touched).toBeLessThanOrEqual(100);
});
