import { CompactRange } from '../tree/compact-range.js';
import { signatureFault } from './checkpoint-check.js';
import type { FindingCode, Findings } from './findings.js';
import type { KeyTrust } from './key-trust.js';
import type { LogCheckpoint, LogEntry, LogLine, MissingEntry, SealedLog } from './sealed-log.js';

/** What was gone through, for the report. */
export interface LogCounts {
  entries: number;
  erased: number;
  checkpoints: number;
}

/** Goes through a log once, in the order of docs/audit-format.md, and remembers no more than a compact range. */
export class LogCheck {
  readonly counts: LogCounts = { entries: 0, erased: 0, checkpoints: 0 };
  private readonly tree: CompactRange;
  private isComparable: boolean;
  private next: number;
  private before: LogEntry | null = null;
  private checkpointBefore: LogCheckpoint | null = null;
  private goodRoot: { readonly size: number; readonly rootHash: string } | null = null;
  private readonly pending: AsyncIterator<LogCheckpoint>;
  private due: LogCheckpoint | null = null;
  private readonly roots = new Map<number, Buffer | null>();
  private readonly batches = new Map<number, number>();

  /** @param wanted tree sizes whose roots somebody will ask for */
  constructor(
    private readonly log: SealedLog,
    private readonly trust: KeyTrust,
    private readonly findings: Findings,
    private readonly wanted: ReadonlySet<number>,
  ) {
    this.next = log.firstSeq;
    this.tree = log.frontier ?? new CompactRange();
    this.isComparable = log.frontier !== null;
    this.pending = log.checkpoints()[Symbol.asyncIterator]();
  }

  async run(): Promise<void> {
    if (!this.isComparable)
      this.found(2, this.next, 'The frontier does not sum up the entries before the first.');
    for (const fault of this.trust.faults) this.found(5, this.log.firstSeq, fault);
    this.due = await this.nextCheckpoint();
    this.noteRoot();
    await this.checkDue();
    for await (const lines of this.log.entries()) {
      for (const line of lines) {
        this.line(line);
        if (this.due !== null && this.due.treeSize <= this.next) await this.checkDue();
      }
    }
    await this.end();
  }

  /** The `seq` after the last entry. */
  get size(): number {
    return this.next;
  }

  /** The root of the tree of a size that was wanted; null when it could not be compared. */
  rootAt(size: number): Buffer | null {
    return this.roots.get(size) ?? null;
  }

  /** Where the batch begins that the entry before a wanted size is in. */
  batchOf(size: number): number {
    return this.batches.get(size) ?? this.log.firstSeq;
  }

  private line(line: LogLine): void {
    if (line.kind === 'unreadable') return this.found(2, this.next, 'This is no entry.');
    this.counts.entries += 1;
    const isInPlace = this.place(line.seq);
    if (line.kind === 'missing') this.missing(line);
    else this.entry(line, isInPlace);
    if (line.seq >= this.next) {
      this.tree.append(Buffer.from(line.leafHash, 'hex'));
      this.next = line.seq + 1;
      this.noteRoot();
    }
  }

  private place(seq: number): boolean {
    if (seq === this.next) return true;
    this.found(
      3,
      Math.min(seq, this.next),
      seq > this.next
        ? `Entry ${this.next} should be here, and ${seq} is.`
        : `Entry ${seq} is here again, or too late.`,
    );
    this.isComparable = false;
    this.next = Math.max(seq, this.next);
    return false;
  }

  private missing({ seq, isUnderAnotherId }: MissingEntry): void {
    this.before = null;
    if (isUnderAnotherId) this.found(2, seq, 'The id of the entry was changed.');
    else this.found(3, seq, 'The entry was deleted.');
  }

  private entry(line: LogEntry, isInPlace: boolean): void {
    const isRight = this.checkContent(line);
    if (isRight && isInPlace) this.checkOrder(line);
    this.before = isRight ? line : null;
  }

  private checkContent(line: LogEntry): boolean {
    const { seq, tenantId, isRight, isErased, isPersonalRight } = line;
    const isOurs = tenantId === this.log.tenantId;
    if (!isOurs) this.found(2, seq, 'The entry is of another tenant.');
    else if (!isRight) this.found(2, seq, 'The entry is not what was hashed.');
    if (isErased) this.counts.erased += 1;
    if (!isPersonalRight) this.found(2, seq, 'The personal part is not what was hashed.');
    return isOurs && isRight;
  }

  /** The sealer puts the entries of a batch in the order of their ids. */
  private checkOrder({ seq, id }: LogEntry): void {
    const { before } = this;
    const beginsBatch = seq === (this.checkpointBefore?.treeSize ?? this.log.firstSeq);
    if (before === null || before.seq !== seq - 1 || beginsBatch || before.id < id) return;
    const isRepeated = before.id === id;
    this.found(
      3,
      isRepeated ? seq : seq - 1,
      isRepeated ? 'The entry is here twice.' : 'The entry is not in its place.',
    );
    this.isComparable = false;
  }

  private async checkDue(): Promise<void> {
    while (this.due !== null && this.due.treeSize <= this.next) {
      this.checkpoint(this.due, true);
      this.due = await this.nextCheckpoint();
    }
  }

  private checkpoint(checkpoint: LogCheckpoint, isReached: boolean): void {
    this.counts.checkpoints += 1;
    const { treeSize, rootHash, prevCheckpoint } = checkpoint;
    const before = this.checkpointBefore;
    const batch = before?.treeSize ?? this.log.firstSeq;
    if (before === null ? this.log.firstSeq === 0 && prevCheckpoint !== null : !follows(checkpoint, before))
      this.found(3, batch, `A checkpoint is missing before that of ${treeSize} entries.`);
    if (before?.treeSize !== treeSize) this.checkpointBefore = checkpoint;
    const { tenantId, newest } = this.log;
    const fault = signatureFault(checkpoint, before, { tenantId, newest, trust: this.trust });
    if (fault !== null) return this.found(5, batch, `The checkpoint of ${treeSize} entries ${fault}.`);
    if (!isReached) return;
    if (this.goodRoot?.size === treeSize && this.goodRoot.rootHash !== rootHash)
      this.found(6, batch, `There are two checkpoints of ${treeSize} entries, and they differ.`);
    this.goodRoot = { size: treeSize, rootHash };
    if (!this.isComparable || treeSize !== this.tree.size) return;
    if (this.tree.root().toString('hex') === rootHash) return;
    this.found(2, batch, `The tree of ${treeSize} entries is not the one that was signed.`);
    this.isComparable = false;
  }

  private async end(): Promise<void> {
    const { lastSeq, firstSeq, newest } = this.log;
    if (lastSeq !== null && lastSeq >= this.next)
      this.found(3, this.next, `The entries from ${this.next} to ${lastSeq} are missing.`);
    if (lastSeq !== null && lastSeq < this.next - 1)
      this.found(3, lastSeq + 1, 'There are more entries than the header says.');
    const covered = newest?.treeSize ?? firstSeq;
    if (covered > this.next)
      this.found(4, this.next, `The newest checkpoint covers ${covered} entries; the log ends before.`);
    if (covered < this.next) this.found(3, covered, 'No checkpoint covers the entries from here on.');
    for (; this.due !== null; this.due = await this.nextCheckpoint()) this.checkpoint(this.due, false);
  }

  private noteRoot(): void {
    if (!this.wanted.has(this.next)) return;
    this.roots.set(this.next, this.isComparable ? this.tree.root() : null);
    this.batches.set(this.next, this.checkpointBefore?.treeSize ?? this.log.firstSeq);
  }

  private async nextCheckpoint(): Promise<LogCheckpoint | null> {
    const next = await this.pending.next();
    return next.done === true ? null : next.value;
  }

  private found(code: FindingCode, seq: number, what: string): void {
    this.findings.add({ code, tenantId: this.log.tenantId, seq, what });
  }
}

function follows({ treeSize, prevCheckpoint }: LogCheckpoint, before: LogCheckpoint): boolean {
  return prevCheckpoint === before.treeSize || treeSize === before.treeSize;
}
