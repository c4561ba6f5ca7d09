import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { AuditLogsQuery, AuditLogView } from './command.dto.js';
import { CommandDirectory } from './command-directory.js';

@ApiTags('Terminal')
@Controller('terminal/audit-logs')
@Authenticated({ permission: 'audit.read' })
export class AuditLogsController {
  constructor(private readonly directory: CommandDirectory) {}

  /** Lists decided commands, newest first: who wanted to run what, what was decided, and how it ended. */
  @Get()
  @Ok(PageOf(AuditLogView))
  list(@Query() query: AuditLogsQuery, @CurrentPrincipal() reader: Principal): Promise<Page<AuditLogView>> {
    return this.directory.auditLogs(query, reader);
  }
}
