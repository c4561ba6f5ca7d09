import { hash } from 'node:crypto';
import { canonicalJson, hmacSha256 } from '../crypto/index.js';

/**
 * One line of the audit log: exactly the columns that its leaf hash covers, spelled as docs/audit-format.md says.
 * Nothing in here may have to be erased one day.
 */
export interface AuditEntry {
  readonly id: string;
  readonly tenantId: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly occurredAt: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actorRole: string | null;
  readonly onBehalfOf: readonly string[];
  readonly delegationPath: readonly string[];
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly departmentId: string | null;
  readonly gatewayId: string | null;
  readonly gatewayName: string | null;
  readonly outcome: string;
  readonly requestId: string | null;
  readonly approvalId: string | null;
  readonly commandId: string | null;
  readonly eventCode: string | null;
  /** Canonical JSON text, as stored and as hashed. */
  readonly detail: string;
  /** Lower-case hexadecimal. */
  readonly personalDigest: string | null;
}

/** What tells people apart; kept beside the entry, so that it can be erased while the entry stays provable. */
export interface PersonalPart {
  readonly actorName: string | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  /** Canonical JSON text. */
  readonly detail: string | null;
}

/** An entry as it goes into the database. */
export interface SealedEntry {
  readonly entry: AuditEntry;
  readonly leafHash: Buffer;
  readonly salt: Buffer;
  readonly personal: PersonalPart;
}

/** Leaves and inner nodes of the tree are hashed under different first bytes (RFC 6962 §2.1). */
export const LEAF_PREFIX = 0x00;
const LEAF = String.fromCharCode(LEAF_PREFIX);

export function leafHashOf(entry: AuditEntry): Buffer {
  return Buffer.from(leafHashTextOf(entry), 'hex');
}

/** Hexadecimal. @throws TypeError when the entry has no canonical form */
export function leafHashTextOf(entry: AuditEntry): string {
  return hash('sha256', LEAF + canonicalEntry(entry), 'hex');
}

/** Keyed, because an address or a name could be found by trying; without the salt the digest says nothing. */
export function personalDigestOf(personal: PersonalPart, salt: Uint8Array): string {
  return hmacSha256(salt, canonicalPersonal(personal));
}

/**
 * RFC 8785, with the members in its order. Spelled out, because this is what writing and verifying an entry spends most
 * of its time on, and JSON.stringify takes twice as long to find that there is nothing to escape.
 */
function canonicalEntry(entry: AuditEntry): string {
  return (
    `{"action":${json(entry.action)},"actorId":${json(entry.actorId)},"actorKind":${json(entry.actorKind)}` +
    `,"actorRole":${json(entry.actorRole)},"approvalId":${json(entry.approvalId)}` +
    `,"commandId":${json(entry.commandId)},"delegationPath":${json(entry.delegationPath)}` +
    `,"departmentId":${json(entry.departmentId)},"detail":${json(entry.detail)}` +
    `,"eventCode":${json(entry.eventCode)},"gatewayId":${json(entry.gatewayId)}` +
    `,"gatewayName":${json(entry.gatewayName)},"id":${json(entry.id)},"occurredAt":${json(entry.occurredAt)}` +
    `,"onBehalfOf":${json(entry.onBehalfOf)},"outcome":${json(entry.outcome)}` +
    `,"personalDigest":${json(entry.personalDigest)},"requestId":${json(entry.requestId)}` +
    `,"resourceId":${json(entry.resourceId)},"resourceType":${json(entry.resourceType)}` +
    `,"tenantId":${json(entry.tenantId)}}`
  );
}

function canonicalPersonal({ actorName, clientIp, detail, userAgent }: PersonalPart): string {
  return `{"actorName":${json(actorName)},"clientIp":${json(clientIp)},"detail":${json(detail)},"userAgent":${json(userAgent)}}`;
}

/** What is read from a file may be anything: whatever else it is has its own text, and so another hash. */
function json(value: string | readonly string[] | null): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return MAY_NEED_ESCAPES.test(value) ? quoted(value) : `"${value}"`;
  return Array.isArray(value) && value.length === 0 ? '[]' : canonicalJson(value);
}

/** JSON.stringify writes the canonical form of all text but lone surrogates, which `canonicalJson` refuses. */
function quoted(value: string): string {
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? canonicalJson(value) : text;
}

const MAY_NEED_ESCAPES = /["\\\u0000-\u001f\ud800-\udfff]/;
