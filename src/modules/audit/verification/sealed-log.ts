import type { CompactRange } from '../tree/compact-range.js';

/** A log as it is verified, wherever it is read from. */
export interface SealedLog {
  readonly tenantId: string;
  readonly firstSeq: number;
  /** Null where nobody says. */
  readonly lastSeq: number | null;
  /** Sums up what comes before `firstSeq`; null when it does not fit that. */
  readonly frontier: CompactRange | null;
  readonly keys: readonly LogKey[];
  /** The one of the greatest size. */
  readonly newest: LogCheckpoint | null;
  /** In the order they stand there. */
  entries(): AsyncIterable<readonly LogLine[]>;
  /** By ascending size. */
  checkpoints(): AsyncIterable<LogCheckpoint>;
}

export type LogLine = LogEntry | UnreadableLine | MissingEntry;

/** Judged where it is read: what was hashed is long, and a page of it need not be kept. */
export interface LogEntry {
  readonly kind: 'entry';
  readonly seq: number;
  /** Hexadecimal. */
  readonly leafHash: string;
  readonly id: string;
  readonly tenantId: string;
  /** Whether the content has this leaf hash, and whoever else knows the hash knows the same. */
  readonly isRight: boolean;
  readonly isErased: boolean;
  /** Also when it was erased, or there never was one. */
  readonly isPersonalRight: boolean;
}

/** Something that should be an entry and cannot be read. */
export interface UnreadableLine {
  readonly kind: 'unreadable';
}

/** A leaf whose entry is gone, or is there under another id. */
export interface MissingEntry {
  readonly kind: 'missing';
  readonly seq: number;
  readonly leafHash: string;
  readonly isUnderAnotherId: boolean;
}

export interface LogKey {
  readonly keyId: string;
  readonly publicKey: Buffer;
  readonly previousKeyId: string | null;
  readonly endorsement: Buffer | null;
}

export interface LogCheckpoint {
  readonly treeSize: number;
  /** Hexadecimal. */
  readonly rootHash: string;
  readonly keyId: string;
  readonly note: string;
  readonly prevCheckpoint: number | null;
}
