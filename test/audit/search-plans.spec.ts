import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { AuditEntriesFilter } from '../../src/modules/audit/audit-entries-query.dto.js';
import { newestEntries } from '../../src/modules/audit/newest-entries.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { queryPlan } from '../support/query-plan.js';

const ENTRIES = 60_000;
const PAGE = 51;
let database: TestDatabase;
let client: Client;
const rare = randomUUID();
const busy = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  // Most entries are alike; every 5,000th has what a search would look for. Old are those of the beginning alone.
  await client.query(
    `INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, actor_id, action, resource_type, resource_id, outcome,
       request_id, gateway_id, department_id, delegation_path, detail, leaf_hash)
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid, $1, at, 'user',
       CASE WHEN needle THEN $2 ELSE (n % 50)::text END,
       CASE WHEN needle THEN 'needle.find' WHEN n <= 3000 THEN 'old.action_' || chr(97 + n % 3) ELSE 'session.refresh' END,
       CASE WHEN needle THEN 'needle' ELSE 'session' END,
       CASE WHEN needle THEN $2 ELSE (n / 2)::text END,
       CASE WHEN needle THEN 'denied' WHEN n % 25 = 0 THEN 'failure' ELSE 'success' END,
       CASE WHEN needle THEN $2 ELSE 'request-' || n END,
       CASE WHEN needle THEN $2::text::uuid WHEN n % 20 = 0 THEN $3::text::uuid END,
       CASE WHEN needle THEN $2::text::uuid WHEN n % 10 = 0 THEN $3::text::uuid END,
       CASE WHEN needle THEN ARRAY['outer', $2] WHEN n % 10 = 0 THEN ARRAY[$3::text] ELSE '{}' END, '{}', ''
     FROM (SELECT n, n % 5000 = 0 AS needle, timestamptz '2026-01-01' + n * interval '10 seconds' AS at
           FROM generate_series(1, ${ENTRIES}) AS n) AS rows`,
    [DEFAULT_TENANT_ID, rare, busy],
  );
  await client.query('VACUUM ANALYZE audit_entries');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const plan = (filter: AuditEntriesFilter) =>
  queryPlan(client, newestEntries(DEFAULT_TENANT_ID, filter, null, PAGE));

const NEEDLES = ENTRIES / 5_000;

describe('one filter reads about as many entries as it shows', () => {
  it.each<[string, AuditEntriesFilter, number]>([
    ['nothing', {}, PAGE],
    ['actor', { actor: rare }, NEEDLES],
    ['actor with its kind', { actor: `user:${rare}` }, NEEDLES],
    ['a busy actor', { actor: '7' }, PAGE],
    ['action', { action: 'needle.find' }, NEEDLES],
    ['a busy action', { action: 'session.refresh' }, PAGE],
    ['an action of long ago', { action: 'old.action_a' }, PAGE],
    ['the beginning of an action', { action: 'needle.*' }, NEEDLES],
    ['the beginning of a busy action', { action: 'session.*' }, PAGE],
    ['the beginning of actions of long ago', { action: 'old.*' }, PAGE],
    ['the beginning of no action', { action: 'never.*' }, 0],
    ['every action', { action: '*' }, PAGE],
    ['resource type', { resourceType: 'needle' }, NEEDLES],
    ['a busy resource type', { resourceType: 'session' }, PAGE],
    ['resource id', { resourceId: rare }, NEEDLES],
    ['gateway', { gateway: rare }, NEEDLES],
    ['a busy gateway', { gateway: busy }, PAGE],
    ['department', { department: rare }, NEEDLES],
    ['a busy department', { department: busy }, PAGE],
    ['outcome', { outcome: 'denied' }, NEEDLES],
    ['a frequent outcome', { outcome: 'failure' }, PAGE],
    ['the usual outcome', { outcome: 'success' }, PAGE],
    ['request', { requestId: rare }, NEEDLES],
    ['delegation', { delegation: rare }, NEEDLES],
    ['time', { since: '2026-01-03T00:00:00.000Z', until: '2026-01-03T00:05:00.000Z' }, 30],
    ['the beginning of time', { until: '2026-01-01T00:05:00.000Z' }, 29],
  ])('%s', async (_what, filter, expected) => {
    const { kinds, touched, sorted, found } = await plan(filter);
    expect(found).toBe(expected);
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(3 * PAGE);
    expect(sorted).toBeLessThanOrEqual(3 * PAGE);
  });

  it('a busy delegation, whose index has no order, reads no more than its entries', async () => {
    const { kinds, touched, found } = await plan({ delegation: busy });
    expect(found).toBe(PAGE);
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(ENTRIES / 10);
  });
});

const RARE: AuditEntriesFilter = {
  actor: rare,
  action: 'needle.*',
  resourceType: 'needle',
  resourceId: rare,
  gateway: rare,
  department: rare,
  outcome: 'denied',
  requestId: rare,
  delegation: rare,
};
const BUSY: AuditEntriesFilter = {
  actor: '0',
  action: 'session.*',
  resourceType: 'session',
  gateway: busy,
  department: busy,
  outcome: 'success',
  delegation: busy,
  since: '2026-01-02T00:00:00.000Z',
  until: '2026-01-06T00:00:00.000Z',
};

type Name = keyof AuditEntriesFilter;
const names = (filter: AuditEntriesFilter) => Object.keys(filter) as Name[];
const both = (one: AuditEntriesFilter, name: Name, other: AuditEntriesFilter, second: Name) =>
  ({ [name]: one[name], [second]: other[second] }) as AuditEntriesFilter;

describe('of two filters', () => {
  it.each(names(RARE))('%s with a second one that few entries meet: reads those few', async (name) => {
    for (const second of names(RARE).filter((other) => other > name)) {
      const { kinds, touched } = await plan(both(RARE, name, RARE, second));
      expect({ second, kinds }).toEqual({
        second,
        kinds: expect.not.arrayContaining(['Seq Scan']) as unknown,
      });
      expect({ second, touched: touched <= 3 * PAGE }).toEqual({ second, touched: true });
    }
  });

  it.each(names(RARE))('%s with a second one that many entries meet: reads the few', async (name) => {
    for (const second of names(BUSY).filter((other) => other !== name)) {
      const { kinds, touched } = await plan(both(RARE, name, BUSY, second));
      // The index of delegations may be read to its end, since it tells the entries of one in no order.
      const most = second === 'delegation' ? ENTRIES / 10 : 3 * PAGE;
      expect({ second, kinds }).toEqual({
        second,
        kinds: expect.not.arrayContaining(['Seq Scan']) as unknown,
      });
      expect({ second, touched: touched <= most }).toEqual({ second, touched: true });
    }
  });

  it.each(names(BUSY))(
    '%s with a second one, both met by many: no scan and no sort of the table',
    async (name) => {
      for (const second of names(BUSY).filter((other) => other > name)) {
        const { kinds, sorted } = await plan(both(BUSY, name, BUSY, second));
        expect({ second, kinds }).toEqual({
          second,
          kinds: expect.not.arrayContaining(['Seq Scan']) as unknown,
        });
        expect({ second, sorted: sorted <= ENTRIES / 10 }).toEqual({ second, sorted: true });
      }
    },
  );
});
