import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { encode } from '../harness/load.mjs';
import { profileOf } from '../harness/profile.mjs';
import { compareRequests, interleave, ratios, rowOf } from '../harness/rounds.mjs';
import { median } from '../harness/statistics.mjs';
import { WITHOUT_ENTRY } from '../server/audit-appends.mjs';

const REFERENCE = 'the same requests with the INSERT of the entry left out, and nothing else';
const CANDIDATE = 'PATCH /service-principals/{id}: change and entry in one transaction';
const LEAST_GROUPED = 2.5;
const SERVICES = 200;
/** Longer than sealing takes, so that sealing falls on those whose entries are sealed. */
const SLICE_SECONDS = 0.8;
const SEALED_WITHIN_MS = 60_000;
/** Twice the second in which the sealer looks at the latest. */
const LONGEST_SEAL_LAG_MS = 2_000;
/** Rates scatter more than processor time does, because the disk has moments of its own: the median of three says little. */
const LEAST_ROUNDS = 6;
/** A disk's moments last for seconds: many short turns share them out, where a few long ones would each have its own. */
const APPEND_TURN_SECONDS = 1;
const APPEND_ROUNDS = 15;

export const auditAppendGoal = {
  id: 'g8',
  title: 'A change with its audit entry',
  reference: 'the same change without the entry',
  measure: 'requests per second from 50 callers',
  limit: 0.8,
  atLeast: true,
  async run(context) {
    const { server, admin, database } = context;
    const pace = { ...context.pace, rounds: Math.max(context.pace.rounds, LEAST_ROUNDS) };
    await makePlainTable(database);
    const requests = await changesOfServices(server, admin.accessToken);
    const variants = {
      [REFERENCE]: { server, requests: requests(WITHOUT_ENTRY) },
      [CANDIDATE]: { server, requests: requests('bench') },
    };
    const samples = await compareRequests(variants, {
      ...pace,
      slices: Math.max(2, Math.round(pace.seconds / SLICE_SECONDS)),
      postmaster: database.postmaster,
    });
    if (context.profiles !== undefined)
      for (const [name, variant] of Object.entries(variants)) await profileOf(context, name, variant);
    const rows = [REFERENCE, CANDIDATE].map((name) =>
      rowOf(
        name,
        samples[name],
        ratios(samples, name, REFERENCE, ({ perSecond }) => perSecond),
      ),
    );
    const checks = [
      entriesOf(samples),
      await groupedAppend(server),
      await everythingSealed(database),
      await sealLag(database),
    ];
    return { ratio: rows[1].ratio, rows, checks };
  },
};

/** Different rows for callers at the same time: waiting for each other's locks would hide what the entry costs. */
async function changesOfServices(server, token) {
  const ids = [];
  for (let index = 0; index < SERVICES; index++) {
    const body = { name: `bench-${randomUUID()}` };
    ids.push((await server.call('POST', '/service-principals', { token, body })).id);
  }
  return (userAgent) =>
    ids.map((id, index) => ({
      bytes: encode('PATCH', `/api/v1/service-principals/${id}`, {
        headers: { authorization: `Bearer ${token}`, 'user-agent': userAgent },
        body: { description: `number ${index}` },
      }),
    }));
}

/** One entry for each change on the one side, none on the other. */
function entriesOf(samples) {
  const [bare, audited] = [REFERENCE, CANDIDATE].map((name) => {
    const sent = samples[name].flatMap(({ queries }) => queries);
    return {
      entries: sent.reduce((sum, { statements }) => sum + (statements['http events.insert_entry'] ?? 0), 0),
      changes: samples[name].reduce((sum, { completed }) => sum + completed, 0),
    };
  });
  return {
    met: audited.entries === audited.changes && bare.entries === 0,
    text: `${audited.entries} entries of ${audited.changes} changes, and ${bare.entries} of ${bare.changes}`,
  };
}

/** Facts that go with no other change: how many a second are on disk, against rows written one by one. */
async function groupedAppend(server) {
  const way = (how) => () => server.call('POST', `/bench/append/${how}/${APPEND_TURN_SECONDS}`);
  const ways = { plain: way('plain'), single: way('single'), grouped: way('grouped') };
  await ways.grouped();
  const samples = await interleave(ways, APPEND_ROUNDS);
  const rate = ({ written, seconds: took }) => written / took;
  const against = (reference) => ratios(samples, 'grouped', reference, rate);
  const perSecond = (how) => Math.round(median(samples[how].map(rate)));
  const [plain, single] = [against('plain'), against('single')];
  return {
    met: single.median >= LEAST_GROUPED,
    text:
      `appending entries in groups ${times(single)} the rate of one by one (goal ≥ ${LEAST_GROUPED}): ${perSecond('grouped')} and ${perSecond('single')} a second; ` +
      `${times(plain)} that of plain rows in a table with no other index, ${perSecond('plain')} a second`,
  };
}

async function everythingSealed({ ownerUrl }) {
  return connected(ownerUrl, async (client) => {
    const startedAt = performance.now();
    for (;;) {
      const { rows } = await client.query(
        'SELECT (SELECT count(*) FROM audit_entries) - (SELECT count(*) FROM audit_leaves) AS waiting, (SELECT count(*) FROM audit_leaves) AS sealed',
      );
      const ms = performance.now() - startedAt;
      if (rows[0].waiting === '0')
        return { met: true, text: `all ${rows[0].sealed} entries sealed ${Math.round(ms)} ms later` };
      if (ms > SEALED_WITHIN_MS)
        return { met: false, text: `${rows[0].waiting} entries were not sealed a minute later` };
    }
  });
}

/** From an entry to the checkpoint that covers it, over everything that was written here. */
async function sealLag({ ownerUrl }) {
  return connected(ownerUrl, async (client) => {
    const { rows } = await client.query(
      `SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM c.created_at - e.occurred_at) * 1000) AS ms
         FROM audit_entries e JOIN audit_leaves l ON l.entry_id = e.id CROSS JOIN LATERAL (
           SELECT created_at FROM audit_checkpoints c
            WHERE c.tenant_id = l.tenant_id AND c.tree_size > l.seq ORDER BY c.tree_size LIMIT 1) c`,
    );
    const [half, most] = rows[0].ms.map(Math.round);
    return {
      met: most <= LONGEST_SEAL_LAG_MS,
      text: `sealed ${half} ms after they were written, 99 of 100 within ${most} ms (goal ≤ ${LONGEST_SEAL_LAG_MS} ms)`,
    };
  });
}

async function makePlainTable({ ownerUrl, runtimeUrl }) {
  await connected(ownerUrl, async (client) => {
    await client.query(
      `CREATE TABLE IF NOT EXISTS bench_rows (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, occurred_at timestamptz NOT NULL,
         actor_id text, action text NOT NULL, resource_id text, detail text NOT NULL)`,
    );
    await client.query(
      `GRANT INSERT ON bench_rows TO ${pg.escapeIdentifier(decodeURIComponent(new URL(runtimeUrl).username))}`,
    );
  });
}

async function connected(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const times = ({ min, median: middle, max }) =>
  `${min.toFixed(2)} / ${middle.toFixed(2)} / ${max.toFixed(2)} ×`;
