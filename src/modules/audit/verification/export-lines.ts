import type { AuditEntry, PersonalPart } from '../../../kernel/events/index.js';
import { CompactRange } from '../tree/compact-range.js';
import { HASH_BYTES } from '../tree/tree-hash.js';
import { isContentRight, isPersonalRight, type SaltedPart } from './entry-check.js';
import type { LogCheckpoint, LogKey, LogLine } from './sealed-log.js';

type Members = Readonly<Record<string, unknown>>;

export interface ExportHeader {
  readonly tenantId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly frontier: CompactRange | null;
}

/** Null when it is no header of this format. */
export function readHeader(line: string): ExportHeader | null {
  const members = objectIn(line);
  if (members?.format !== 'reeve-audit/1') return null;
  const { tenantId, firstSeq, lastSeq, frontier } = members;
  if (typeof tenantId !== 'string' || !isSeq(firstSeq) || !(isSeq(lastSeq) || lastSeq === -1)) return null;
  return { tenantId, firstSeq, lastSeq: lastSeq, frontier: frontierIn(frontier, firstSeq) };
}

/** Null for lines that are none of the log's. */
export function readLine(line: string): LogLine | null {
  const members = objectIn(line);
  if (members === null) return { kind: 'unreadable' };
  if (!('seq' in members)) return null;
  const { seq, leafHash } = members;
  if (!isSeq(seq) || typeof leafHash !== 'string') return { kind: 'unreadable' };
  const entry = members as unknown as AuditEntry;
  const personal = members.personal == null ? null : personalIn(members.personal as Members);
  const personalDigest = typeof entry.personalDigest === 'string' ? entry.personalDigest : null;
  return {
    kind: 'entry',
    seq,
    leafHash,
    id: String(entry.id),
    tenantId: String(entry.tenantId),
    isRight: isContentRight(entry, leafHash),
    isErased: personal === null && personalDigest !== null,
    isPersonalRight: isPersonalRight(personal, personalDigest),
  };
}

function personalIn({ salt, ...part }: Members): SaltedPart {
  return { salt: typeof salt === 'string' ? salt : '', part: part as unknown as PersonalPart };
}

export function readCheckpoint(line: string): LogCheckpoint | null {
  const checkpoint = memberIn(line, 'checkpoint');
  if (checkpoint === null) return null;
  const { treeSize, rootHash, keyId, note, prevCheckpoint } = checkpoint;
  return {
    treeSize: isSeq(treeSize) ? treeSize : 0,
    rootHash: String(rootHash),
    keyId: String(keyId),
    note: String(note),
    prevCheckpoint: isSeq(prevCheckpoint) ? prevCheckpoint : null,
  };
}

export function readKey(line: string): LogKey | null {
  const key = memberIn(line, 'key');
  if (key === null) return null;
  const { keyId, publicKey, previousKeyId, endorsement } = key;
  return {
    keyId: String(keyId),
    publicKey: bytesIn(publicKey) ?? Buffer.alloc(0),
    previousKeyId: typeof previousKeyId === 'string' ? previousKeyId : null,
    endorsement: bytesIn(endorsement),
  };
}

/** What kind of line this is, told from its first bytes: parsing is dear. */
export function kindOf(bytes: Buffer): 'checkpoint' | 'key' | 'other' {
  const beginning = bytes.toString('latin1', 0, 40);
  return (
    (/^\s*\{\s*"(checkpoint|key)"\s*:/.exec(beginning)?.[1] as 'checkpoint' | 'key' | undefined) ?? 'other'
  );
}

function objectIn(line: string): Members | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

function memberIn(line: string, name: string): Members | null {
  const value = objectIn(line)?.[name];
  return typeof value === 'object' && value !== null ? (value as Members) : null;
}

function frontierIn(value: unknown, size: number): CompactRange | null {
  const texts: unknown[] = Array.isArray(value) ? value : [];
  const hashes = texts.map((text) => Buffer.from(String(text), 'hex'));
  if (hashes.some(({ length }) => length !== HASH_BYTES)) return null;
  try {
    return CompactRange.of(size, hashes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function bytesIn(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : null;
}

function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
