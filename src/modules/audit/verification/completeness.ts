import type pg from 'pg';
import { ACCOUNTABLE, type Accountable } from './accountable.js';
import type { Findings } from './findings.js';

const MOST_NAMED = 20;

/**
 * The time of the first entry that was kept, and some minutes, since entries are not sealed in the order of their times.
 * What is older may have had its entry in a segment; also a segment itself, when a later one took its entry away.
 */
const KEPT_SINCE = `
  SELECT s.tenant_id, least(max(s.created_at) - interval '1 millisecond', (
           SELECT e.occurred_at + interval '10 minutes' FROM audit_leaves l JOIN audit_entries e ON e.id = l.entry_id
            WHERE l.tenant_id = s.tenant_id AND l.seq = max(s.last_seq) + 1)) AS since
    FROM audit_segments s GROUP BY 1`;

export interface Accounted {
  readonly name: string;
  readonly rows: number;
  readonly missing: number;
}

/**
 * Whether what must have left an entry has one. Rows that are older than what pruning left cannot be asked for theirs.
 */
export async function checkCompleteness(client: pg.Client, findings: Findings): Promise<Accounted[]> {
  const accounted: Accounted[] = [];
  for (const accountable of ACCOUNTABLE) accounted.push(await check(client, accountable, findings));
  await checkSegments(client, findings);
  return accounted;
}

async function check(client: pg.Client, accountable: Accountable, findings: Findings): Promise<Accounted> {
  const { name, rows: source, id, tenant, at, entry } = accountable;
  const { rows } = await client.query<{ rows: number; missing: number; named: [string, string][] | null }>(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE is_missing)::int AS missing,
            (array_agg(ARRAY[tenant_id, id] ORDER BY id) FILTER (WHERE is_missing))[1:${MOST_NAMED}] AS named
       FROM (SELECT ${id} AS id, (${tenant})::text AS tenant_id,
                    (kept.since IS NULL OR ${at} > kept.since) AND NOT EXISTS (
                      SELECT FROM audit_entries e WHERE e.tenant_id = ${tenant} AND ${entry}) AS is_missing
               FROM ${source} r LEFT JOIN (${KEPT_SINCE}) kept ON kept.tenant_id = ${tenant}) AS judged`,
  );
  const [{ rows: total, missing, named }] = rows;
  for (const [tenantId, missed] of named ?? [])
    findings.add({ code: 3, tenantId, seq: null, what: `The ${name} ${missed} has no entry.` });
  return { name, rows: total, missing };
}

/** Segments follow one another from the first entry on. */
async function checkSegments(client: pg.Client, findings: Findings): Promise<void> {
  const { rows } = await client.query<{ tenantId: string; firstSeq: string; expected: string }>(
    `SELECT tenant_id AS "tenantId", first_seq AS "firstSeq", expected FROM (
       SELECT tenant_id, first_seq, coalesce(lag(last_seq) OVER (PARTITION BY tenant_id ORDER BY first_seq) + 1, 0) AS expected
         FROM audit_segments) AS segments
      WHERE first_seq <> expected`,
  );
  for (const { tenantId, firstSeq, expected } of rows) {
    const what = `The segment from ${firstSeq} on should begin at ${expected}.`;
    findings.add({ code: 3, tenantId, seq: Number(expected), what });
  }
}
