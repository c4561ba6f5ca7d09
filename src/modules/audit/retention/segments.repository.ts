import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

/** Where a segment would end. */
export interface SegmentEnd {
  readonly treeSize: number;
  readonly rootHash: Buffer;
  /** The signed checkpoint. */
  readonly note: string;
}

/** Entries in one segment at most: a file of some hundred megabytes, a transaction of some seconds. */
const MOST_IN_SEGMENT = 250_000;

const firstKept = statement<{ seq: string }>(
  'audit.first_kept',
  'SELECT coalesce(max(last_seq) + 1, 0) AS seq FROM audit_segments WHERE tenant_id = $1',
);
const end = statement<SegmentEnd>(
  'audit.segment_end',
  `SELECT tree_size::float8 AS "treeSize", root_hash AS "rootHash", note FROM audit_checkpoints
    WHERE tenant_id = $1 AND tree_size > $2 AND tree_size <= $2::bigint + ${MOST_IN_SEGMENT}
      AND created_at < $3 AND ($4::bigint IS NULL OR position <= $4)
    ORDER BY tree_size DESC LIMIT 1`,
);
const tenants = statement<{ tenantId: string }>(
  'audit.sealed_tenants',
  'SELECT DISTINCT tenant_id AS "tenantId" FROM audit_checkpoints ORDER BY 1',
);

/** What retention has taken out of the log, and what it may take out next. */
@Injectable()
export class SegmentsRepository {
  constructor(private readonly database: Database) {}

  /** The first place that was not pruned; 0 when nothing was. */
  async firstKept(tenantId: string): Promise<number> {
    return Number((await this.database.readOne(firstKept, [tenantId]))?.seq ?? 0);
  }

  /**
   * The newest checkpoint that a segment from this place on may end at: everything in it was sealed before that time, and
   * every exporter has it.
   */
  endOfNext(
    tenantId: string,
    firstSeq: number,
    sealedBefore: Date,
    reachedPosition: string | null,
  ): Promise<SegmentEnd | null> {
    return this.database.readOne(end, [tenantId, firstSeq, sealedBefore, reachedPosition]);
  }

  async tenants(): Promise<string[]> {
    return (await this.database.read(tenants)).map(({ tenantId }) => tenantId);
  }
}
