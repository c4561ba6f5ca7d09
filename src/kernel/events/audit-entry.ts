import { createHmac, hash } from 'node:crypto';
import { canonicalJson } from '../crypto/index.js';

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
const LEAF = '\0';

export function leafHashOf(entry: AuditEntry): Buffer {
  return hash('sha256', LEAF + canonicalEntry(entry), 'buffer');
}

/** The text that is hashed. */
export function canonicalEntry(entry: AuditEntry): string {
  return canonicalText(entry, ENTRY_MEMBERS);
}

/** The leaf hash of such a text, hexadecimal. */
export function leafHashOfText(text: string): string {
  return hash('sha256', LEAF + text, 'hex');
}

/** Keyed, because an address or a name could be found by trying; without the salt the digest says nothing. */
export function personalDigestOf(personal: PersonalPart, salt: Uint8Array): string {
  return personalDigestOfText(canonicalPersonal(personal), salt);
}

/** The text that is digested. */
export function canonicalPersonal(personal: PersonalPart): string {
  return canonicalText(personal, PERSONAL_MEMBERS);
}

export function personalDigestOfText(text: string, salt: Uint8Array): string {
  return createHmac('sha256', salt).update(text, 'utf8').digest('hex');
}

/** In the order of RFC 8785. */
const ENTRY_MEMBERS = membersOf<AuditEntry>([
  'action',
  'actorId',
  'actorKind',
  'actorRole',
  'approvalId',
  'commandId',
  'delegationPath',
  'departmentId',
  'detail',
  'eventCode',
  'gatewayId',
  'gatewayName',
  'id',
  'occurredAt',
  'onBehalfOf',
  'outcome',
  'personalDigest',
  'requestId',
  'resourceId',
  'resourceType',
  'tenantId',
]);
const PERSONAL_MEMBERS = membersOf<PersonalPart>(['actorName', 'clientIp', 'detail', 'userAgent']);

interface Member<T> {
  readonly name: keyof T;
  /** What comes before its value. */
  readonly opening: string;
}

function membersOf<T>(names: readonly (keyof T & string)[]): readonly Member<T>[] {
  return names.map((name, index) => ({ name, opening: `${index === 0 ? '{' : ','}"${name}":` }));
}

/**
 * Canonical JSON of an object whose members are strings, lists of strings and null: once the members are in order, each
 * is written as JSON.stringify writes it. It differs for lone surrogates only, which `canonicalJson` refuses.
 */
function canonicalText<T extends object>(value: T, members: readonly Member<T>[]): string {
  let text = '';
  for (const { name, opening } of members) text += opening + jsonOf(value[name]);
  text += '}';
  return text.includes('\\ud') ? canonicalJson(value) : text;
}

/** Most of them are identifiers and words, for which a look is cheaper than a call of JSON.stringify. */
function jsonOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'string' && !NEEDS_A_LOOK.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** Anything but printable ASCII without `"` and `\`. */
const NEEDS_A_LOOK = /[^ !#-[\]-~]/;
