import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../kernel/access/index.js';
import { Database, planned, statement } from '../../kernel/database/index.js';
import type { AuditEntriesFilter } from './audit-entries-query.dto.js';
import type { FullEntry } from './audit-entry.dto.js';
import { FULL_ENTRY, WITH_PERSONAL, WITH_PLACE } from './entry-columns.js';
import { cappedCount, newestEntries } from './newest-entries.js';

const byId = statement<FullEntry>(
  'audit.entry_by_id',
  `SELECT ${FULL_ENTRY} FROM audit_entries e ${WITH_PERSONAL} ${WITH_PLACE} WHERE e.tenant_id = $1 AND e.id = $2`,
);

@Injectable()
export class AuditEntriesRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, those older than `beforeId`; one more than `limit` when there are more. */
  search(
    scope: AccessScope,
    filter: AuditEntriesFilter,
    beforeId: string | null,
    limit: number,
  ): Promise<FullEntry[]> {
    const page = newestEntries(scope.tenantId, filter, beforeId, limit + 1);
    const text = `SELECT ${FULL_ENTRY} FROM (${page.text}) e ${WITH_PERSONAL} ${WITH_PLACE} ORDER BY e.id DESC`;
    return this.database.read(planned<FullEntry>(text), page.values);
  }

  async countUpTo(scope: AccessScope, filter: AuditEntriesFilter, most: number): Promise<number> {
    const { text, values } = cappedCount(scope.tenantId, filter, most);
    const row = await this.database.readOne(planned<{ count: number }>(text), values);
    return row?.count ?? 0;
  }

  byId(scope: AccessScope, id: string): Promise<FullEntry | null> {
    return this.database.readOne(byId, [scope.tenantId, id]);
  }
}
