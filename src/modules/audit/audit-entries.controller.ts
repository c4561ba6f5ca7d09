import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../kernel/access/index.js';
import { Ok, type Page, PageOf, PathId, Problems } from '../../kernel/http/index.js';
import { InvalidCursor, NotFound } from '../../kernel/problem/index.js';
import { AuditEntriesService } from './audit-entries.service.js';
import { AuditEntriesQuery, AuditEntryView } from './audit-entry.dto.js';
import { auditPermissions } from './audit.permissions.js';

@ApiTags('Audit')
@Authenticated({ permission: auditPermissions['audit.read'] })
@Controller('audit/entries')
export class AuditEntriesController {
  constructor(private readonly entries: AuditEntriesService) {}

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
}
