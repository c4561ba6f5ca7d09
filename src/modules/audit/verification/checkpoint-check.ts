import { isSignedBy, readNote } from '../checkpoints/checkpoint-note.js';
import type { KeyTrust } from './key-trust.js';
import type { LogCheckpoint } from './sealed-log.js';

/** What a checkpoint is judged by. */
export interface CheckpointContext {
  readonly tenantId: string;
  readonly newest: LogCheckpoint | null;
  readonly trust: KeyTrust;
}

/** Why the signature of a checkpoint is not to be believed; null when it is. */
export function signatureFault(
  checkpoint: LogCheckpoint,
  before: LogCheckpoint | null,
  { tenantId, newest, trust }: CheckpointContext,
): string | null {
  const note = readNote(checkpoint.note);
  if (note === null) return 'is no signed note';
  if (note.origin !== readNote(newest?.note ?? '')?.origin) return 'is of another log than the newest one';
  if (!note.origin.endsWith(`/audit/${tenantId}`)) return 'is of another tenant';
  if (note.size !== checkpoint.treeSize) return 'was signed for another size';
  if (note.root.toString('hex') !== checkpoint.rootHash) return 'was signed for another root';
  const key = trust.find(checkpoint.keyId);
  if (key === null) return `is by an unknown key, ${checkpoint.keyId}`;
  if (!isSignedBy(note, key.publicKey, key.verifier)) return 'has no valid signature';
  const rankBefore = before === null ? 0 : (trust.find(before.keyId)?.rank ?? 0);
  if (key.rank < rankBefore) return 'is by a key that had been replaced';
  if (!trust.accepts(checkpoint.keyId, newest?.keyId ?? null))
    return `is by a key that is not trusted, ${checkpoint.keyId}`;
  return null;
}
