import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../kernel/http/index.js';
import { NotFound } from '../../kernel/problem/index.js';
import { AuditEntriesRepository } from './audit-entries.repository.js';
import type { AuditEntriesQuery } from './audit-entries-query.dto.js';
import { AuditEntryView } from './audit-entry.dto.js';

@Injectable()
export class AuditEntriesService {
  constructor(
    private readonly entries: AuditEntriesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: AuditEntriesQuery, scope: AccessScope): Promise<Page<AuditEntryView>> {
    const binding = bindingOf('audit-entries', scope.tenantId, query);
    const [beforeId = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.entries.search(scope, query, beforeId, query.limit);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      ({ id }) => [id],
      (entry) => AuditEntryView.of(entry),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.entries.countUpTo(scope, query, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async get(id: string, scope: AccessScope): Promise<AuditEntryView> {
    const entry = await this.entries.byId(scope, id);
    if (entry === null) throw new NotFound();
    return AuditEntryView.of(entry);
  }
}
