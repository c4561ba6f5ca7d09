import { type CheckpointNote, isSignedBy, notesIn, readNote } from '../checkpoints/checkpoint-note.js';
import { type Findings, UsageError } from './findings.js';
import type { KeyTrust } from './key-trust.js';
import type { LogCheck } from './log-check.js';
import type { SealedLog } from './sealed-log.js';

/** Checkpoints that somebody kept outside: what the log of today has to agree with. */
export class OutsideCheckpoints {
  private constructor(private readonly notes: readonly CheckpointNote[]) {}

  static readonly none = new OutsideCheckpoints([]);

  /** @throws UsageError when there is none in the file */
  static in(file: string): OutsideCheckpoints {
    const notes = notesIn(file).flatMap((text) => readNote(text) ?? []);
    if (notes.length === 0) throw new UsageError('The file of checkpoints has no checkpoint in it.');
    return new OutsideCheckpoints(notes.sort((a, b) => a.size - b.size));
  }

  /** Those of this log, smallest first; of a log without a checkpoint, those of its tenant. */
  of({ tenantId, newest }: Pick<SealedLog, 'tenantId' | 'newest'>): CheckpointNote[] {
    const origin = readNote(newest?.note ?? '')?.origin;
    return this.notes.filter((note) =>
      origin === undefined ? tenantOf(note) === tenantId : note.origin === origin,
    );
  }

  /** The largest of each tenant that is not among these and was signed by one of the keys. */
  ofTenantsGone(
    tenantIds: ReadonlySet<string>,
    trust: KeyTrust,
    keyIds: readonly string[],
  ): CheckpointNote[] {
    const largest = new Map<string, CheckpointNote>();
    for (const note of this.notes)
      if (!tenantIds.has(tenantOf(note)) && keyIds.some((keyId) => isSigned(note, keyId, trust)))
        largest.set(note.origin, note);
    return [...largest.values()];
  }
}

/** Step 6 of docs/audit-format.md. Returns a sentence about those that could not be compared, if there are any. */
export function checkOutside(
  log: SealedLog,
  check: LogCheck,
  outside: readonly CheckpointNote[],
  trust: KeyTrust,
  findings: Findings,
): string[] {
  const tooOld: number[] = [];
  const { tenantId, firstSeq, newest, keys } = log;
  for (const note of outside) {
    const { size } = note;
    const signer = keys.find(({ keyId }) => isSigned(note, keyId, trust));
    if (signer === undefined || !trust.accepts(signer.keyId, newest?.keyId ?? null)) {
      const what = `The checkpoint of ${size} entries that was kept outside is not by a trusted key of this log.`;
      findings.add({ code: 5, tenantId, seq: size - 1, what });
    } else if (size > check.size) {
      const what = `A checkpoint that was kept outside covers ${size} entries; ${endOf(log)}.`;
      findings.add({ code: 4, tenantId, seq: check.size, what });
    } else if (size < firstSeq) {
      tooOld.push(size);
    } else {
      const root = check.rootAt(size);
      if (root === null || root.equals(note.root)) continue;
      const what = `The checkpoint of ${size} entries that was kept outside has another root: the log was replaced.`;
      findings.add({ code: 6, tenantId, seq: check.batchOf(size), what });
    }
  }
  return remarkAbout(tooOld);
}

/** Only an export can be older than a checkpoint and whole. */
function endOf({ lastSeq }: SealedLog): string {
  return lastSeq === null
    ? 'the log ends before'
    : 'the export ends before: it was cut off, or made before the checkpoint';
}

/** One sentence however many they are: a file of checkpoints has one for each second in which something happened. */
function remarkAbout(tooOld: readonly number[]): string[] {
  if (tooOld.length === 0) return [];
  const [smallest, largest] = [tooOld[0], tooOld[tooOld.length - 1]];
  if (smallest === largest)
    return [`The checkpoint of ${smallest} entries is older than what is here and cannot be compared.`];
  return [
    `${tooOld.length} checkpoints, of ${smallest} to ${largest} entries, are older than what is here and cannot be compared.`,
  ];
}

export function tenantOf({ origin }: CheckpointNote): string {
  return origin.slice(origin.lastIndexOf('/') + 1);
}

function isSigned(note: CheckpointNote, keyId: string, trust: KeyTrust): boolean {
  const key = trust.find(keyId);
  return key !== null && isSignedBy(note, key.publicKey, key.verifier);
}
