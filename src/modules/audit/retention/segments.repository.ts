import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

const firstKept = statement<{ seq: string }>(
  'audit.first_kept',
  'SELECT coalesce(max(last_seq) + 1, 0) AS seq FROM audit_segments WHERE tenant_id = $1',
);

/** What retention has taken out of the log. */
@Injectable()
export class SegmentsRepository {
  constructor(private readonly database: Database) {}

  /** The first place that was not pruned; 0 when nothing was. */
  async firstKept(tenantId: string): Promise<number> {
    return Number((await this.database.readOne(firstKept, [tenantId]))?.seq ?? 0);
  }
}
