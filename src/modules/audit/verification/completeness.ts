import type pg from 'pg';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import type { Findings } from './findings.js';

/** Rows of a table that each must have an audit entry with their id as its resource. */
interface Accountable {
  readonly name: string;
  readonly table: string;
  /** SQL over the alias `r`. */
  readonly id: string;
  readonly tenant: string;
}

/** Whoever adds a table whose rows stand for something that was decided or done adds a line. */
const ACCOUNTABLE: readonly Accountable[] = [
  { name: 'key', table: 'api_keys', id: 'r.id::text', tenant: 'r.tenant_id' },
  { name: 'service principal', table: 'service_principals', id: 'r.id::text', tenant: 'r.tenant_id' },
  { name: 'audit key', table: 'audit_keys', id: 'r.key_id', tenant: `'${DEFAULT_TENANT_ID}'::uuid` },
  {
    name: 'pruned segment',
    table: 'audit_segments',
    id: `r.first_seq || '-' || r.last_seq`,
    tenant: 'r.tenant_id',
  },
];

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
  const { name, table, id, tenant } = accountable;
  const { rows } = await client.query<{
    id: string;
    tenantId: string;
    isAccounted: boolean;
    isOlder: boolean;
  }>(
    `SELECT ${id} AS id, ${tenant} AS "tenantId", r.created_at <= kept.since AS "isOlder",
            EXISTS (SELECT FROM audit_entries e WHERE e.tenant_id = ${tenant} AND e.resource_id = ${id}) AS "isAccounted"
       FROM ${table} r LEFT JOIN (${KEPT_SINCE}) kept ON kept.tenant_id = ${tenant}`,
  );
  const missing = rows.filter((row) => !row.isAccounted && !row.isOlder);
  for (const row of missing.slice(0, MOST_NAMED))
    findings.add({ code: 3, tenantId: row.tenantId, seq: null, what: `The ${name} ${row.id} has no entry.` });
  return { name, rows: rows.length, missing: missing.length };
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
