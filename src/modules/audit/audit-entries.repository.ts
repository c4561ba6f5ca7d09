import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../kernel/access/index.js';
import { columnsOf, Database, type Statement, statement } from '../../kernel/database/index.js';
import type { AuditEntriesQuery, FullEntry } from './audit-entry.dto.js';
import { AuditEntryRow } from './audit-entry.entity.js';
import { conditionsFor } from './entry-conditions.js';

const FULL = `${columnsOf(AuditEntryRow, 'e')}, p.actor_name AS "actorName", p.client_ip AS "clientIp",
  p.user_agent AS "userAgent", p.detail AS personal`;
const WITH_PERSONAL = 'LEFT JOIN audit_personal p ON p.entry_id = e.id';

const byId = statement<FullEntry>(
  'audit.entry_by_id',
  `SELECT ${FULL} FROM audit_entries e ${WITH_PERSONAL} WHERE e.tenant_id = $1 AND e.id = $2`,
);

@Injectable()
export class AuditEntriesRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, those older than `beforeId`; one more than `limit` when there are more. */
  search(
    scope: AccessScope,
    filter: AuditEntriesQuery,
    beforeId: string | null,
    limit: number,
  ): Promise<FullEntry[]> {
    const { where, values } = conditionsFor(scope.tenantId, filter, beforeId);
    const page = `SELECT * FROM audit_entries e WHERE ${where} ORDER BY e.id DESC LIMIT ${limit + 1}`;
    const text = `SELECT ${FULL} FROM (${page}) e ${WITH_PERSONAL} ORDER BY e.id DESC`;
    return this.database.read(planned<FullEntry>(text), values);
  }

  async countUpTo(scope: AccessScope, filter: AuditEntriesQuery, most: number): Promise<number> {
    const { where, values } = conditionsFor(scope.tenantId, filter, null);
    const text = `SELECT count(*)::int AS count FROM (SELECT 1 FROM audit_entries e WHERE ${where} LIMIT ${most}) AS counted`;
    const row = await this.database.readOne(planned<{ count: number }>(text), values);
    return row?.count ?? 0;
  }

  byId(scope: AccessScope, id: string): Promise<FullEntry | null> {
    return this.database.readOne(byId, [scope.tenantId, id]);
  }
}

/** Without a name, so that PostgreSQL plans each search for its own values: which index is best depends on them. */
function planned<Row>(text: string): Statement<Row> {
  return { name: '', text };
}
