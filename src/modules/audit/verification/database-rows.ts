import pg from 'pg';
import type { LogEntry, LogLine } from './sealed-log.js';

/** Columns of an entry with their names in the canonical form; all as text, since that is what is hashed. */
const ENTRY = `e.id, e.tenant_id, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  e.actor_kind, e.actor_id, e.actor_role, array_to_json(e.on_behalf_of), array_to_json(e.delegation_path), e.action,
  e.resource_type, e.resource_id, e.department_id, e.gateway_id, e.gateway_name, e.outcome, e.request_id,
  e.approval_id, e.command_id, e.event_code, e.detail, encode(e.personal_digest, 'hex'), encode(e.leaf_hash, 'hex')`;
const PERSONAL = `encode(p.salt, 'hex'), p.actor_name, p.client_ip, p.user_agent, p.detail`;

const SEALED = `SELECT l.seq, l.entry_id, encode(l.leaf_hash, 'hex'), ${ENTRY}, ${PERSONAL}
  FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id LEFT JOIN audit_personal p ON p.entry_id = l.entry_id
 WHERE l.tenant_id = $1 AND l.seq >= $2 ORDER BY l.seq LIMIT $3`;
const UNSEALED = `SELECT NULL, e.id, encode(e.leaf_hash, 'hex'), ${ENTRY}, ${PERSONAL}, e.tenant_id,
       e.cluster_epoch < s.cluster_epoch OR (e.cluster_epoch = s.cluster_epoch AND (e.xid, e.id) <= (s.xid, s.entry_id))
  FROM audit_entries e CROSS JOIN audit_sealing s LEFT JOIN audit_personal p ON p.entry_id = e.id
 WHERE e.id > $1 AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id) ORDER BY e.id LIMIT $2`;

type Row = (string | null)[];

/** Text as the server sent it: parsing into dates and back is slow, and may not come back the same. */
const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

/** Rows of a leaf with its entry, from a place on. */
export async function sealedRows(
  client: pg.Client,
  tenantId: string,
  from: number,
  most: number,
): Promise<Row[]> {
  const query = {
    name: 'verify.sealed',
    text: SEALED,
    values: [tenantId, from, most],
    rowMode: 'array',
    types: asText,
  };
  return (await client.query(query as pg.QueryArrayConfig)).rows as Row[];
}

/** An entry without a leaf. */
export interface UnsealedEntry {
  readonly line: LogEntry;
  readonly tenantId: string;
  /** Its turn has come and gone. */
  readonly isBehindSealer: boolean;
}

export async function unsealedEntries(
  client: pg.Client,
  after: string,
  most: number,
): Promise<UnsealedEntry[]> {
  const query = {
    name: 'verify.unsealed',
    text: UNSEALED,
    values: [after, most],
    rowMode: 'array',
    types: asText,
  };
  const { rows } = await client.query(query as pg.QueryArrayConfig);
  return (rows as Row[]).map((row) => ({
    line: entryOf(row, []),
    tenantId: row[30] ?? '',
    isBehindSealer: row[31] === 't',
  }));
}

/** @param tileHash what the tile has at this place; null when there is no tile yet */
export function lineOf(row: Row, tileHash: string | null, unsealedHashes: ReadonlySet<string>): LogLine {
  const [seq, , leafHash, id] = row;
  if (id === null)
    return {
      kind: 'missing',
      seq: Number(seq),
      leafHash: leafHash ?? '',
      isUnderAnotherId: unsealedHashes.has(leafHash ?? ''),
    };
  return entryOf(row, tileHash === null ? [] : [tileHash]);
}

function entryOf(row: Row, copies: readonly string[]): LogEntry {
  const [seq, , leafHash] = row as string[];
  const entry = {
    id: row[3]!,
    tenantId: row[4]!,
    occurredAt: row[5]!,
    actorKind: row[6]!,
    actorId: row[7],
    actorRole: row[8],
    onBehalfOf: listIn(row[9]),
    delegationPath: listIn(row[10]),
    action: row[11]!,
    resourceType: row[12]!,
    resourceId: row[13],
    departmentId: row[14],
    gatewayId: row[15],
    gatewayName: row[16],
    outcome: row[17]!,
    requestId: row[18],
    approvalId: row[19],
    commandId: row[20],
    eventCode: row[21],
    detail: row[22]!,
    personalDigest: row[23],
  };
  const salt = row[25];
  const part = { actorName: row[26], clientIp: row[27], userAgent: row[28], detail: row[29] };
  const personal = salt === null ? null : { salt, part };
  return { kind: 'entry', seq: Number(seq), leafHash, copies: [row[24]!, ...copies], entry, personal };
}

function listIn(json: string | null): string[] {
  return json === null || json === '[]' ? [] : (JSON.parse(json) as string[]);
}
