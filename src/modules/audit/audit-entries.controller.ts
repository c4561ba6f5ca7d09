import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../kernel/access/index.js';
import { Ok, type Page, PageOf, PathId, Problems } from '../../kernel/http/index.js';
import { InvalidCursor, NotFound } from '../../kernel/problem/index.js';
import { AuditEntriesService } from './audit-entries.service.js';
import { AuditEntriesQuery } from './audit-entries-query.dto.js';
import { AuditEntryView } from './audit-entry.dto.js';
import { auditPermissions } from './audit.permissions.js';
import { EntryContextView } from './context/entry-context.dto.js';
import { EntryContexts } from './context/entry-context.service.js';

@ApiTags('Audit')
@Authenticated({ permission: auditPermissions['audit.read'] })
@Controller('audit/entries')
export class AuditEntriesController {
  constructor(
    private readonly entries: AuditEntriesService,
    private readonly contexts: EntryContexts,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Search the audit log',
    description: 'Entries of the tenant, newest first. Filters narrow each other.',
  })
  @Ok(PageOf(AuditEntryView), 'A page of entries.')
  @Problems(InvalidCursor)
  list(@Query() query: AuditEntriesQuery, @Scope() scope: AccessScope): Promise<Page<AuditEntryView>> {
    return this.entries.page(query, scope);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an audit entry', description: 'One entry by its id.' })
  @Ok(AuditEntryView, 'The entry.')
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<AuditEntryView> {
    return this.entries.get(id, scope);
  }

  @Get(':id/context')
  @ApiOperation({
    summary: 'Get what led to an audit entry',
    description:
      'The chain from the delegation over the command, its approval and the credentials it used to the digest of its output, put together from the entries themselves. Each link says what is missing.',
  })
  @Ok(EntryContextView, 'The chain.')
  @Problems(NotFound)
  context(@PathId() id: string, @Scope() scope: AccessScope): Promise<EntryContextView> {
    return this.contexts.of(id, scope);
  }
}
