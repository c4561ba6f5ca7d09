import { ed25519KeyId, type Ed25519Key, generateEd25519Key } from '../../src/kernel/crypto/index.js';
import { leafHashOf } from '../../src/kernel/events/index.js';
import { readNote, signedNote, verifierKey } from '../../src/modules/audit/checkpoints/checkpoint-note.js';
import { CompactRange } from '../../src/modules/audit/tree/compact-range.js';
import type { ExportedEntry, ExportedLog } from './exported-log.js';

export function rehashed(entry: ExportedEntry): ExportedEntry {
  return { ...entry, leafHash: leafHashOf(entry as never).toString('hex') };
}

/** The checkpoints over what the entries are now, signed by this key: what somebody can do who has the database and no key. */
export function resigned(log: ExportedLog, key: Ed25519Key): ExportedLog {
  const range = new CompactRange();
  const checkpoints = log.checkpoints.map((checkpoint) => {
    for (const { leafHash } of log.entries.slice(range.size, checkpoint.treeSize))
      range.append(Buffer.from(leafHash, 'hex'));
    const root = range.root();
    const { origin } = readNote(checkpoint.note)!;
    const note = signedNote({ origin, size: checkpoint.treeSize, root }, key);
    return { ...checkpoint, rootHash: root.toString('hex'), keyId: key.id, note };
  });
  return { ...log, checkpoints };
}

/** An entry changed and everything after it made to fit, under a key of the forger's own. */
export async function rechained(log: ExportedLog, seq: number, keepsOldKey: boolean): Promise<ExportedLog> {
  const key = await generateEd25519Key();
  const entries = log.entries.map((entry) =>
    entry.seq === seq ? rehashed({ ...entry, detail: '{"height":9}' }) : entry,
  );
  const forged = resigned({ ...log, entries }, key);
  const [old] = log.keys;
  const { origin } = readNote(log.checkpoints[0].note)!;
  const own = {
    ...old,
    keyId: ed25519KeyId(key.publicKey),
    publicKey: key.publicKey.toString('base64'),
    vkey: verifierKey(origin, key.publicKey),
    previousKeyId: keepsOldKey ? old.keyId : null,
    endorsement: null,
  };
  return { ...forged, keys: keepsOldKey ? [old, own] : [own] };
}
