import type { KeyObject } from 'node:crypto';
import { ed25519KeyId, ed25519PublicKey } from '../../../kernel/crypto/index.js';
import { publicKeyIn } from '../checkpoints/checkpoint-note.js';
import { isEndorsed } from '../keys/endorsement.js';
import { UsageError } from './findings.js';
import type { LogKey } from './sealed-log.js';

const KEY_ID = /^[0-9a-f]{64}$/;

/** The key ids in a file of trusted keys. @throws UsageError for a line that is none */
export function trustedKeyIds(file: string): Set<string> {
  const lines = file.split(/\r?\n/).map((line) => line.trim());
  const ids = lines.filter((line) => line !== '' && !line.startsWith('#')).map(keyIdOf);
  if (ids.length === 0) throw new UsageError('The file of trusted keys has no key in it.');
  return new Set(ids);
}

function keyIdOf(line: string): string {
  if (KEY_ID.test(line)) return line;
  const publicKey = publicKeyIn(line);
  if (publicKey === null)
    throw new UsageError(
      `A line of the file of trusted keys is neither a vkey nor a key id: ${line.slice(0, 80)}`,
    );
  return ed25519KeyId(publicKey);
}

interface KnownKey extends LogKey {
  readonly verifier: KeyObject;
  /** How many keys come before it in the chain. */
  readonly rank: number;
}

/** The keys of a log, and which of them are to be believed. */
export class KeyTrust {
  private readonly known = new Map<string, KnownKey>();
  private readonly trusted: Set<string>;
  private readonly former: Set<string>;
  /** Sentences about keys that are not what they say. */
  readonly faults: string[] = [];

  /** @param pinned ids of the keys that somebody knows from elsewhere; null to believe what the log says */
  constructor(
    keys: readonly LogKey[],
    private readonly pinned: ReadonlySet<string> | null,
  ) {
    const byId = new Map(keys.map((key) => [key.keyId, key]));
    for (const key of keys) this.know(key, byId);
    this.trusted = this.closure(new Set(pinned ?? byId.keys()), (from) => this.successorsOf(from));
    this.former = this.closure(new Set(this.trusted), (from) => this.predecessorOf(from));
  }

  get isPinned(): boolean {
    return this.pinned !== null;
  }

  find(
    keyId: string,
  ): { readonly publicKey: Buffer; readonly verifier: KeyObject; readonly rank: number } | null {
    return this.known.get(keyId) ?? null;
  }

  /** Whether a checkpoint by this key counts, in a log whose newest one is by that key. */
  accepts(keyId: string, newestKeyId: string | null): boolean {
    if (this.trusted.has(keyId)) return true;
    return this.former.has(keyId) && newestKeyId !== null && this.trusted.has(newestKeyId);
  }

  private know(key: LogKey, byId: ReadonlyMap<string, LogKey>): void {
    const { keyId, publicKey, previousKeyId, endorsement } = key;
    if (publicKey.length !== 32 || ed25519KeyId(publicKey) !== keyId) {
      this.faults.push(`The key ${keyId} has another id than its public key.`);
      return;
    }
    const rank = rankOf(key, byId);
    if (rank === null) this.faults.push(`The key ${keyId} replaced a key that is not there.`);
    this.known.set(keyId, { ...key, verifier: ed25519PublicKey(publicKey), rank: rank ?? 0 });
    const previous = byId.get(previousKeyId ?? '');
    if (endorsement !== null && (previous === undefined || !endorses(previous, keyId, endorsement)))
      this.faults.push(`The endorsement of the key ${keyId} is not by the key it replaced.`);
  }

  private successorsOf(keyId: string): string[] {
    return [...this.known.values()]
      .filter((key) => key.previousKeyId === keyId && this.isSound(key))
      .map((key) => key.keyId);
  }

  private predecessorOf(keyId: string): string[] {
    const key = this.known.get(keyId);
    return key?.previousKeyId != null && this.isSound(key) ? [key.previousKeyId] : [];
  }

  private isSound({ keyId, previousKeyId, endorsement }: LogKey): boolean {
    const previous = this.known.get(previousKeyId ?? '');
    return previous !== undefined && endorsement !== null && endorses(previous, keyId, endorsement);
  }

  private closure(from: Set<string>, next: (keyId: string) => string[]): Set<string> {
    // A set visits what is added while it is walked.
    for (const keyId of from) for (const following of next(keyId)) from.add(following);
    return from;
  }
}

function rankOf(key: LogKey, byId: ReadonlyMap<string, LogKey>): number | null {
  let rank = 0;
  for (let at = key; at.previousKeyId !== null; rank += 1) {
    const previous = byId.get(at.previousKeyId);
    if (previous === undefined || rank > byId.size) return null;
    at = previous;
  }
  return rank;
}

function endorses({ keyId, publicKey }: LogKey, successor: string, endorsement: Buffer): boolean {
  if (publicKey.length !== 32) return false;
  return isEndorsed({ keyId, verifier: ed25519PublicKey(publicKey) }, successor, endorsement);
}
