import { Injectable } from '@nestjs/common';
import { basename } from 'node:path';
import type pg from 'pg';
import { asOwner } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { exporterNames } from '../exporters/audit-exporters.js';
import { ExporterTurns } from '../exporters/exporter-turns.js';
import { SealedExport } from '../export/sealed-export.js';
import { SegmentPruned } from './retention.events.js';
import { type SegmentFile, writeSegment } from './segment-file.js';
import { type SegmentEnd, SegmentsRepository } from './segments.repository.js';

export interface RetentionRules {
  readonly keepDays: number;
  readonly directory: string;
  /** Whether names and addresses go into the files, where erasing does not reach them. */
  readonly withPersonal: boolean;
}

export interface PrunedSegment {
  readonly tenantId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly path: string;
}

interface Segment extends PrunedSegment {
  readonly end: SegmentEnd;
  readonly digest: Buffer;
}

const DAY_MS = 24 * 3600 * 1000;
/** Any number, always the same. */
const LOCK = 7_136_150_141;

/** Takes old entries out of the log: exported, verified and signed for first, and only by the role that owns the tables. */
@Injectable()
export class Retention {
  constructor(
    private readonly sealed: SealedExport,
    private readonly segments: SegmentsRepository,
    private readonly turns: ExporterTurns,
    private readonly events: EventLog,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** @throws Error when somebody else is pruning */
  async prune(rules: RetentionRules): Promise<PrunedSegment[]> {
    const { migrationDatabaseUrl, databaseUrl } = this.configuration;
    const ownerUrl = (migrationDatabaseUrl ?? databaseUrl)?.reveal() ?? '';
    return asOwner(ownerUrl, async (owner) => {
      await lockAlone(owner);
      const pruned: PrunedSegment[] = [];
      for (const tenantId of await this.segments.tenants())
        for (let next = await this.pruneNext(owner, tenantId, rules); next !== null;) {
          pruned.push(next);
          next = await this.pruneNext(owner, tenantId, rules);
        }
      return pruned;
    });
  }

  private async pruneNext(
    owner: pg.Client,
    tenantId: string,
    { keepDays, directory, withPersonal }: RetentionRules,
  ): Promise<PrunedSegment | null> {
    const firstSeq = await this.segments.firstKept(tenantId);
    const sealedBefore = new Date(this.clock.nowMs() - keepDays * DAY_MS);
    const reached = await this.turns.reachedByAll(exporterNames(this.configuration));
    const end = await this.segments.endOfNext(tenantId, firstSeq, sealedBefore, reached);
    if (end === null) return null;
    const lastSeq = end.treeSize - 1;
    const lines = this.sealed.lines(tenantId, { firstSeq, lastSeq }, withPersonal);
    const file = await writeSegment(directory, `${tenantId}-${firstSeq}-${lastSeq}`, lines, end.note);
    await this.takeOut(owner, segmentOf(tenantId, firstSeq, end, file));
    return { tenantId, firstSeq, lastSeq, path: file.path };
  }

  /** The entry about it and the deletion are one transaction. */
  private async takeOut(owner: pg.Client, segment: Segment): Promise<void> {
    await owner.query('BEGIN');
    try {
      await owner.query(`SELECT set_config('reeve.pruning', 'on', true)`);
      await insertSegment(owner, segment, this.clock.now());
      await this.events.recordOn(owner, factOf(segment));
      await deleteEntries(owner, segment);
      await owner.query('COMMIT');
    } catch (error) {
      await owner.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

async function lockAlone(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
  if (!rows[0].mine) throw new Error('Somebody else is pruning the audit log just now.');
}

function segmentOf(tenantId: string, firstSeq: number, end: SegmentEnd, file: SegmentFile): Segment {
  return { tenantId, firstSeq, lastSeq: end.treeSize - 1, end, ...file };
}

function factOf({ tenantId, firstSeq, lastSeq, path, end, digest }: Segment): SegmentPruned {
  return new SegmentPruned({
    tenantId,
    resourceId: `${firstSeq}-${lastSeq}`,
    detail: {
      entries: lastSeq - firstSeq + 1,
      treeSize: end.treeSize,
      rootHash: end.rootHash.toString('hex'),
      file: basename(path),
      digest: digest.toString('hex'),
    },
  });
}

async function insertSegment(owner: pg.Client, segment: Segment, now: Date): Promise<void> {
  const { tenantId, firstSeq, lastSeq, end, path, digest } = segment;
  await owner.query(
    `INSERT INTO audit_segments (tenant_id, first_seq, last_seq, root_hash, location, digest, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, firstSeq, lastSeq, end.rootHash, path, digest, now],
  );
}

/** Of the leaves only those of whole tiles go: the others are needed until theirs is complete. */
async function deleteEntries(owner: pg.Client, { tenantId, firstSeq, lastSeq }: Segment): Promise<void> {
  const range = [tenantId, firstSeq, lastSeq];
  const places = 'SELECT entry_id FROM audit_leaves WHERE tenant_id = $1 AND seq BETWEEN $2 AND $3';
  await owner.query(`DELETE FROM audit_personal WHERE entry_id IN (${places})`, range);
  const { rowCount } = await owner.query(`DELETE FROM audit_entries WHERE id IN (${places})`, range);
  if (rowCount !== lastSeq - firstSeq + 1)
    throw new Error(`${rowCount} entries were there to prune instead of ${lastSeq - firstSeq + 1}.`);
  await owner.query(
    `DELETE FROM audit_leaves WHERE tenant_id = $1 AND seq <= $2 AND seq < (
       SELECT coalesce(max(position) + 1, 0) * 256 FROM audit_tiles WHERE tenant_id = $1 AND level = 0)`,
    [tenantId, lastSeq],
  );
}
