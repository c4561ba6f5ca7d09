import pg from 'pg';
import type { LogEntry, LogLine } from './sealed-log.js';

/**
 * The canonical text of an object whose members are strings, lists of strings and null. The server writes it, beside
 * this process and several times as fast: it escapes in JSON what RFC 8785 escapes, and nothing else.
 */
function canonicalText(members: Readonly<Record<string, string>>): string {
  const parts = Object.entries(members)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, sql], index) =>
        `'${index === 0 ? '{' : ','}"${name}":', coalesce(to_json(${sql})::text, 'null')`,
    );
  return `concat(${parts.join(', ')}, '}')`;
}

const ENTRY_TEXT = canonicalText({
  id: 'e.id',
  tenantId: 'e.tenant_id',
  occurredAt: `to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  actorKind: 'e.actor_kind',
  actorId: 'e.actor_id',
  actorRole: 'e.actor_role',
  onBehalfOf: 'e.on_behalf_of',
  delegationPath: 'e.delegation_path',
  action: 'e.action',
  resourceType: 'e.resource_type',
  resourceId: 'e.resource_id',
  departmentId: 'e.department_id',
  gatewayId: 'e.gateway_id',
  gatewayName: 'e.gateway_name',
  outcome: 'e.outcome',
  requestId: 'e.request_id',
  approvalId: 'e.approval_id',
  commandId: 'e.command_id',
  eventCode: 'e.event_code',
  detail: 'e.detail',
  personalDigest: `encode(e.personal_digest, 'hex')`,
});
const PERSONAL_TEXT = canonicalText({
  actorName: 'p.actor_name',
  clientIp: 'p.client_ip',
  userAgent: 'p.user_agent',
  detail: 'p.detail',
});
const ENTRY = `e.id, e.tenant_id, encode(e.leaf_hash, 'hex'), encode(e.personal_digest, 'hex'), ${ENTRY_TEXT},
  encode(p.salt, 'hex'), CASE WHEN p.salt IS NOT NULL THEN ${PERSONAL_TEXT} END`;

/** The numbers stand in the text, so that each page is planned for its own size. */
const sealed = (from: number, end: number) => `SELECT l.seq, encode(l.leaf_hash, 'hex'), ${ENTRY}
  FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id LEFT JOIN audit_personal p ON p.entry_id = l.entry_id
 WHERE l.tenant_id = $1 AND l.seq >= ${from} AND l.seq < ${end} ORDER BY l.seq`;
const UNSEALED = `SELECT 0, encode(e.leaf_hash, 'hex'), ${ENTRY}, e.occurred_at::text,
       e.cluster_epoch < s.cluster_epoch OR (e.cluster_epoch = s.cluster_epoch AND (e.xid, e.id) <= (s.xid, s.entry_id))
  FROM audit_entries e CROSS JOIN audit_sealing s LEFT JOIN audit_personal p ON p.entry_id = e.id
 WHERE e.id > $1 AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id) ORDER BY e.id LIMIT $2`;

type Row = (string | null)[];

/** Text as the server sent it: nothing here is worth being parsed. */
const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

async function rowsOf(client: pg.Client, text: string, values: unknown[]): Promise<Row[]> {
  const query: pg.QueryArrayConfig = { text, values, rowMode: 'array', types: asText };
  return (await client.query(query)).rows as Row[];
}

/** Rows of the leaves from a place up to another, with their entries. */
export function sealedRows(client: pg.Client, tenantId: string, from: number, end: number): Promise<Row[]> {
  return rowsOf(client, sealed(from, end), [tenantId]);
}

/** An entry without a leaf. */
export interface UnsealedEntry {
  readonly line: LogEntry;
  readonly occurredAt: string;
  /** Its turn has come and gone. */
  readonly isBehindSealer: boolean;
}

export async function unsealedEntries(
  client: pg.Client,
  after: string,
  most: number,
): Promise<UnsealedEntry[]> {
  return (await rowsOf(client, UNSEALED, [after, most])).map((row) => ({
    line: entryOf(row, []),
    occurredAt: row[9] ?? '',
    isBehindSealer: row[10] === 't',
  }));
}

/** @param tileHash what the tile has at this place; null when there is no tile yet */
export function lineOf(row: Row, tileHash: string | null, unsealedHashes: ReadonlySet<string>): LogLine {
  const [seq, leafHash, id] = row;
  if (id !== null) return entryOf(row, tileHash === null ? [] : [tileHash]);
  const isUnderAnotherId = unsealedHashes.has(leafHash ?? '');
  return { kind: 'missing', seq: Number(seq), leafHash: leafHash ?? '', isUnderAnotherId };
}

function entryOf(row: Row, copies: readonly string[]): LogEntry {
  const [seq, leafHash, id, tenantId, ownHash] = row as string[];
  const [personalDigest, text, salt, personalText] = row.slice(5);
  return {
    kind: 'entry',
    seq: Number(seq),
    leafHash,
    copies: [ownHash, ...copies],
    id,
    tenantId,
    text,
    personalDigest,
    personal: salt === null ? null : { salt, text: personalText },
  };
}
