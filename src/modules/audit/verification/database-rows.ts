import { hash } from 'node:crypto';
import pg from 'pg';
import { hmacSha256 } from '../../../kernel/crypto/index.js';
import { LEAF_PREFIX } from '../../../kernel/events/index.js';
import { CanonicalBytes, membersOf } from './canonical-bytes.js';
import { type CopiedRow, copyRows } from './copied-rows.js';
import type { LogEntry, LogLine } from './sealed-log.js';

/** Empty for the empty list, which nearly all are: JSON would cost more than everything else in the row. */
const list = (column: string) => `CASE WHEN ${column} = '{}' THEN '' ELSE to_json(${column})::text END`;

/** The columns of the members, in their order. Times come as they are hashed, whatever the session is set to. */
const ENTRY = `e.action, e.actor_id, e.actor_kind, e.actor_role, e.approval_id, e.command_id,
  ${list('e.delegation_path')}, e.department_id, e.detail, e.event_code, e.gateway_id, e.gateway_name, e.id,
  to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ${list('e.on_behalf_of')}, e.outcome,
  e.personal_digest, e.request_id, e.resource_id, e.resource_type, e.tenant_id`;
const ENTRY_MEMBERS = membersOf({
  action: 'text',
  actorId: 'text',
  actorKind: 'text',
  actorRole: 'text',
  approvalId: 'uuid',
  commandId: 'uuid',
  delegationPath: 'json',
  departmentId: 'uuid',
  detail: 'text',
  eventCode: 'text',
  gatewayId: 'uuid',
  gatewayName: 'text',
  id: 'uuid',
  occurredAt: 'text',
  onBehalfOf: 'json',
  outcome: 'text',
  personalDigest: 'bytes',
  requestId: 'text',
  resourceId: 'text',
  resourceType: 'text',
  tenantId: 'uuid',
});
const PERSONAL = 'p.actor_name, p.client_ip, p.detail, p.user_agent';
const PERSONAL_MEMBERS = membersOf({
  actorName: 'text',
  clientIp: 'text',
  detail: 'text',
  userAgent: 'text',
});

/** The numbers stand in the text, so that each page is planned for its own size. */
const sealed = (tenantId: string, from: number, end: number) => `
SELECT l.seq, l.leaf_hash, e.id::text, e.tenant_id::text, e.leaf_hash = l.leaf_hash, ${ENTRY},
       e.personal_digest, p.entry_id IS NOT NULL, p.salt, ${PERSONAL}
  FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id LEFT JOIN audit_personal p ON p.entry_id = l.entry_id
 WHERE l.tenant_id = ${pg.escapeLiteral(tenantId)} AND l.seq >= ${from} AND l.seq < ${end} ORDER BY l.seq`;
const unsealed = (after: string, most: number) => `
SELECT 0::bigint, e.leaf_hash, e.id::text, e.tenant_id::text, true, ${ENTRY},
       e.personal_digest, p.entry_id IS NOT NULL, p.salt, ${PERSONAL}, e.occurred_at::text,
       e.cluster_epoch < s.cluster_epoch OR (e.cluster_epoch = s.cluster_epoch AND (e.xid, e.id) <= (s.xid, s.entry_id))
  FROM audit_entries e CROSS JOIN audit_sealing s LEFT JOIN audit_personal p ON p.entry_id = e.id
 WHERE e.id > ${pg.escapeLiteral(after)} AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id)
 ORDER BY e.id LIMIT ${most}`;
const tiles = (tenantId: string, from: number, end: number) => `
SELECT position, hashes FROM audit_tiles
 WHERE tenant_id = ${pg.escapeLiteral(tenantId)} AND level = 0 AND position >= ${from} AND position < ${end}`;

/** Places of a log, the last not included. */
export interface Places {
  readonly tenantId: string;
  readonly from: number;
  readonly end: number;
}

/** The hashes of complete tiles, hexadecimal, by position. */
export async function tileHashes(
  client: pg.Client,
  { tenantId, from, end }: Places,
): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  await copyRows(client, tiles(tenantId, from, end), (row) => {
    hashes.set(row.number(), row.hex() ?? '');
  });
  return hashes;
}

/**
 * The lines of the leaves of some places.
 *
 * @param tileHash what the tile has at a place; null when there is no tile yet
 */
export async function sealedLines(
  client: pg.Client,
  { tenantId, from, end }: Places,
  tileHash: (seq: number) => string | null,
  unsealedHashes: ReadonlySet<string>,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  await copyRows(client, sealed(tenantId, from, end), (row) => {
    const seq = row.number();
    const leafHash = row.hex() ?? '';
    const id = row.text();
    if (id !== null) lines.push(entryOf(row, { seq, leafHash, id }, tileHash(seq)));
    else lines.push({ kind: 'missing', seq, leafHash, isUnderAnotherId: unsealedHashes.has(leafHash) });
  });
  return lines;
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
  const entries: UnsealedEntry[] = [];
  await copyRows(client, unsealed(after, most), (row) => {
    const place = { seq: row.number(), leafHash: row.hex() ?? '', id: row.text() ?? '' };
    const line = entryOf(row, place, null);
    entries.push({ line, occurredAt: row.text() ?? '', isBehindSealer: row.isTrue() });
  });
  return entries;
}

const canonical = new CanonicalBytes();

/** Judges the rest of the row, whose first columns have been read. */
function entryOf(
  row: CopiedRow,
  place: Pick<LogEntry, 'seq' | 'leafHash' | 'id'>,
  tileHash: string | null,
): LogEntry {
  const tenantId = row.text() ?? '';
  const isItsOwn = row.isTrue();
  canonical.begin(LEAF_PREFIX);
  canonical.object(row, ENTRY_MEMBERS);
  const computed = hash('sha256', canonical.written, 'hex');
  const personalDigest = row.hex();
  // A row without its salt is not gone: what it says is shown.
  const hasPersonal = row.isTrue();
  const salt = row.hex();
  canonical.begin();
  canonical.object(row, PERSONAL_MEMBERS);
  const { seq, leafHash, id } = place;
  return {
    kind: 'entry',
    seq,
    leafHash,
    id,
    tenantId,
    isRight: computed === leafHash && isItsOwn && (tileHash ?? leafHash) === leafHash,
    isErased: !hasPersonal && personalDigest !== null,
    isPersonalRight:
      !hasPersonal ||
      (salt !== null && hmacSha256(Buffer.from(salt, 'hex'), canonical.written) === personalDigest),
  };
}
