import pg from 'pg';
import { median, spread } from '../harness/statistics.mjs';

const SMALL = 1_000;
const LARGE = 1_000_000;
const PAGE = 51;
const LIMIT = 1.2;
const TOTAL_LIMIT = 2;
const TENANT = '00000000-0000-7000-8000-000000000001';
const RARE = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11';
const BUSY = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c12';
const SCHEMAS = { small: SMALL, large: LARGE };
/** Executions of each search in a round; the median of so many says little about a bad moment. */
const REPEATS = 60;

/** What somebody may search for: what few entries have, what many have, and pairs of the two. */
const SEARCHES = {
  'no filter': {},
  'an actor': { actor: RARE },
  'an actor of many entries': { actor: 'user:7' },
  'an action': { action: 'needle.find' },
  'a frequent action': { action: 'session.refresh' },
  'the beginning of actions': { action: 'needle.*' },
  'the beginning of frequent actions': { action: 'session.*' },
  'a resource type': { resourceType: 'needle' },
  'a frequent resource type': { resourceType: 'session' },
  'a resource': { resourceId: RARE },
  'a gateway': { gateway: RARE },
  'a gateway of many entries': { gateway: BUSY },
  'a department': { department: RARE },
  'a department of many entries': { department: BUSY },
  denied: { outcome: 'denied' },
  success: { outcome: 'success' },
  'a request': { requestId: RARE },
  'a delegation': { delegation: RARE },
  'a day': { since: '2026-01-01T02:00:00.000Z', until: '2026-01-02T02:00:00.000Z' },
  'an actor and an outcome': { actor: RARE, outcome: 'denied' },
  'an actor and frequent actions': { actor: RARE, action: 'session.*' },
  'a gateway and a day': { gateway: BUSY, since: '2026-01-01T02:00:00.000Z' },
};

export const listsGoal = {
  id: 'g11',
  title: 'Searching the audit log at 1,000,000 entries',
  reference: 'the same search at 1,000 entries',
  measure: 'median time of the query, for the worst search',
  limit: LIMIT,
  async run({ database, pace, fromBuild }) {
    const { cappedCount, newestEntries } = await fromBuild('src/modules/audit/newest-entries.js');
    const columns = await fromBuild('src/modules/audit/entry-columns.js');
    const clients = await logsOf(database.ownerUrl);
    try {
      const list = (filter) => listQuery(newestEntries(TENANT, filter, null, PAGE), columns);
      const results = [];
      for (const [name, filter] of Object.entries(SEARCHES))
        results.push({ name, limit: LIMIT, ...(await compared(clients, list(filter), pace.rounds)) });
      results.push({
        name: 'the total, counted up to 1,000',
        limit: TOTAL_LIMIT,
        ...(await compared(clients, cappedCount(TENANT, {}, SMALL + 1), pace.rounds)),
      });
      const worst = results.slice(0, -1).reduce((a, b) => (b.ratio.median > a.ratio.median ? b : a));
      return { ratio: worst.ratio, rows: [], checks: results.map(checkOf) };
    } finally {
      await Promise.all(Object.values(clients).map((client) => client.end()));
    }
  },
};

function listQuery({ text, values }, { FULL_ENTRY, WITH_PERSONAL, WITH_PLACE }) {
  return {
    text: `SELECT ${FULL_ENTRY} FROM (${text}) e ${WITH_PERSONAL} ${WITH_PLACE} ORDER BY e.id DESC`,
    values,
  };
}

/** In turns, so that a busy moment falls on both. */
async function compared(clients, query, rounds) {
  const rounded = [];
  const all = { small: [], large: [] };
  let found = { small: 0, large: 0 };
  for (let round = 0; round <= rounds; round++) {
    const times = { small: [], large: [] };
    for (let turn = 0; turn < REPEATS; turn++) {
      for (const name of turn % 2 === 0 ? ['small', 'large'] : ['large', 'small']) {
        const startedAt = performance.now();
        const { rowCount } = await clients[name].query(query);
        times[name].push(performance.now() - startedAt);
        found[name] = rowCount;
      }
    }
    // The first round only warms up.
    if (round === 0) continue;
    rounded.push(median(times.large) / median(times.small));
    all.small.push(...times.small);
    all.large.push(...times.large);
  }
  return { ratio: spread(rounded), small: median(all.small), large: median(all.large), found };
}

function checkOf({ name, limit, ratio, small, large, found }) {
  return {
    met: ratio.median <= limit,
    text: `${name}: ${ratio.median.toFixed(2)} × (limit ${limit}), ${large.toFixed(2)} ms against ${small.toFixed(2)} ms, ${found.large} and ${found.small} rows`,
  };
}

/** Two logs with the tables and indexes of the service, in schemas of their own. @returns {Promise<Record<string, pg.Client>>} */
async function logsOf(url) {
  const clients = {};
  for (const [name, entries] of Object.entries(SCHEMAS)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`SET statement_timeout = 0; SET jit = off`);
    const schema = `bench_${name}`;
    const { rows } = await client.query('SELECT to_regnamespace($1) IS NULL AS missing', [schema]);
    if (rows[0].missing) await fill(client, schema, entries);
    await client.query(`SET search_path = ${schema}, public`);
    clients[name] = client;
  }
  return clients;
}

async function fill(client, schema, entries) {
  await client.query(`CREATE SCHEMA ${schema}`);
  for (const table of ['audit_entries', 'audit_personal', 'audit_leaves'])
    await client.query(`CREATE TABLE ${schema}.${table} (LIKE public.${table} INCLUDING ALL)`);
  await client.query(`SET search_path = ${schema}`);
  // In both logs the same share of the newest 1,000 entries is what is searched for.
  await client.query(
    `INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, actor_id, action, resource_type, resource_id, outcome,
       request_id, gateway_id, department_id, delegation_path, detail, leaf_hash, xid)
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid, $1, at, 'user',
       CASE WHEN needle THEN $2 ELSE (n % 10)::text END,
       CASE WHEN needle THEN 'needle.find' WHEN n % 3 = 0 THEN 'session.create' ELSE 'session.refresh' END,
       CASE WHEN needle THEN 'needle' ELSE 'session' END,
       CASE WHEN needle THEN $2 ELSE n::text END,
       CASE WHEN needle THEN 'denied' ELSE 'success' END,
       CASE WHEN needle THEN $2 ELSE 'request-' || n END,
       CASE WHEN needle THEN $2::text::uuid WHEN n % 5 = 0 THEN $3::text::uuid END,
       CASE WHEN needle THEN $2::text::uuid WHEN n % 5 = 1 THEN $3::text::uuid END,
       CASE WHEN needle THEN ARRAY['outer', $2] ELSE '{}' END, '{}', decode(repeat('ab', 32), 'hex'), '1'
     FROM (SELECT n, n % 50 = 7 AND n <= ${SMALL} AS needle, timestamptz '2026-01-01' + n * interval '1 minute' AS at
           FROM generate_series(1, ${entries}) AS n) AS rows`,
    [TENANT, RARE, BUSY],
  );
  await client.query(
    `INSERT INTO audit_personal (entry_id, salt, actor_name, client_ip, user_agent)
     SELECT id, '\\x00', 'ada', '192.0.2.7', 'bench' FROM audit_entries`,
  );
  await client.query(
    `INSERT INTO audit_leaves (tenant_id, seq, entry_id, leaf_hash)
     SELECT tenant_id, row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM audit_entries`,
  );
  for (const table of ['audit_entries', 'audit_personal', 'audit_leaves'])
    await client.query(`VACUUM ANALYZE ${table}`);
}
