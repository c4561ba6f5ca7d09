import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/runtime/index.js';
import type { FullEntry } from '../audit-entry.dto.js';
import { CheckpointView } from '../checkpoints/checkpoint.dto.js';
import { readNote } from '../checkpoints/checkpoint-note.js';
import { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import { AuditKeyView } from '../keys/audit-key.dto.js';
import { AuditKeysRepository } from '../keys/audit-keys.repository.js';
import { SegmentsRepository } from '../retention/segments.repository.js';
import { TreeReader } from '../tree/tree-reader.js';
import { EntryBatches } from './entry-batches.js';
import { exportedEntry } from './exported-entry.js';
import { jsonLine } from './json-line.js';

/** Places in the log, both included; `lastSeq` is less than `firstSeq` when there are none. */
export interface SealedRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

const ENTRIES_AT_ONCE = 500;
const CHECKPOINTS_AT_ONCE = 500;

/** A part of the log that can be verified without the database: format `reeve-audit/1` of docs/audit-format.md. */
@Injectable()
export class SealedExport {
  constructor(
    private readonly batches: EntryBatches,
    private readonly checkpoints: CheckpointsRepository,
    private readonly segments: SegmentsRepository,
    private readonly keys: AuditKeysRepository,
    private readonly tree: TreeReader,
    private readonly clock: Clock,
  ) {}

  /** The part that was asked for as far as there is one: without what was pruned, and up to the end of a batch. */
  async range(tenantId: string, fromSeq = 0, toSeq?: number): Promise<SealedRange> {
    const [asked] = toSeq === undefined ? [] : await this.checkpoints.after(tenantId, toSeq, 1);
    const end = asked ?? (await this.checkpoints.latest(tenantId));
    const size = Number(end?.treeSize ?? 0);
    const firstSeq = Math.min(Math.max(fromSeq, await this.segments.firstKept(tenantId)), size);
    return { firstSeq, lastSeq: size - 1 };
  }

  /** @param personal whether the personal parts go along; without them it is verified just as well */
  async *lines(tenantId: string, range: SealedRange, personal = true): AsyncGenerator<string> {
    yield await this.header(tenantId, range);
    for (let begin = range.firstSeq; begin <= range.lastSeq; begin += ENTRIES_AT_ONCE) {
      const end = Math.min(begin + ENTRIES_AT_ONCE, range.lastSeq + 1);
      const entries = await this.batches.sealed(tenantId, {}, begin, end);
      requireAll(entries, begin, end);
      yield entries.map((entry) => `${jsonLine(exportedEntry(entry, personal))}\n`).join('');
    }
    yield* this.checkpointLines(tenantId, range);
    yield await this.keyLines(tenantId);
  }

  private async header(tenantId: string, { firstSeq, lastSeq }: SealedRange): Promise<string> {
    const frontier = await this.tree.frontier(tenantId, firstSeq);
    const header = {
      format: 'reeve-audit/1',
      tenantId,
      exportedAt: this.clock.now(),
      firstSeq,
      lastSeq,
      frontier: frontier.hashes.map((hash) => hash.toString('hex')),
    };
    return `${jsonLine(header)}\n`;
  }

  private async *checkpointLines(
    tenantId: string,
    { firstSeq, lastSeq }: SealedRange,
  ): AsyncGenerator<string> {
    for (let after = firstSeq - 1; ;) {
      const batch = await this.checkpoints.after(tenantId, after, CHECKPOINTS_AT_ONCE);
      const wanted = batch.map((row) => CheckpointView.of(row)).filter((row) => row.treeSize <= lastSeq + 1);
      yield wanted.map((checkpoint) => `${jsonLine({ checkpoint })}\n`).join('');
      if (wanted.length < CHECKPOINTS_AT_ONCE) return;
      after = wanted[wanted.length - 1].treeSize;
    }
  }

  private async keyLines(tenantId: string): Promise<string> {
    const origin = readNote((await this.checkpoints.latest(tenantId))?.note ?? '')?.origin ?? null;
    const keys = await this.keys.chain();
    return keys.map((key) => `${jsonLine({ key: AuditKeyView.of(key, origin) })}\n`).join('');
  }
}

/** What was pruned while it was being exported, or deleted behind our back, must not look like a whole file. */
function requireAll(entries: readonly FullEntry[], begin: number, end: number): void {
  if (entries.length !== end - begin)
    throw new Error(`Of the audit entries ${begin} to ${end - 1} only ${entries.length} are there.`);
}
