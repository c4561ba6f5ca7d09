import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf, PageQuery, Problems } from '../../../kernel/http/index.js';
import { InvalidCursor, NotFound } from '../../../kernel/problem/index.js';
import { auditPermissions } from '../audit.permissions.js';
import { CheckpointView } from './checkpoint.dto.js';
import { CheckpointsService } from './checkpoints.service.js';

@ApiTags('Audit')
@Authenticated({ permission: auditPermissions['audit.read'] })
@Controller('audit/checkpoints')
export class AuditCheckpointsController {
  constructor(private readonly checkpoints: CheckpointsService) {}

  @Get()
  @ApiOperation({
    summary: 'List the checkpoints of the log',
    description: 'Signed states of the audit log, the newest first. Formats: docs/audit-format.md.',
  })
  @Ok(PageOf(CheckpointView), 'A page of checkpoints.')
  @Problems(InvalidCursor)
  list(@Query() query: PageQuery, @Scope() scope: AccessScope): Promise<Page<CheckpointView>> {
    return this.checkpoints.page(query, scope);
  }

  @Get('latest')
  @ApiOperation({
    summary: 'Get the newest checkpoint',
    description: 'The signed state of the audit log as it is now.',
  })
  @Ok(CheckpointView, 'The checkpoint.')
  @Problems(NotFound)
  latest(@Scope() scope: AccessScope): Promise<CheckpointView> {
    return this.checkpoints.latest(scope);
  }
}
