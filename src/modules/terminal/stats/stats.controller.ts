import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { StatsQuery, TerminalStatsView } from './stats.dto.js';
import { StatsService } from './stats.service.js';

@ApiTags('Terminal')
@Controller('terminal/stats')
@Authenticated({ permission: terminalPermissions['terminal.read'] })
export class TerminalStatsController {
  constructor(private readonly stats: StatsService) {}

  /** Tells how much is asked of people, how they decide, and which narrow rules would spare their time. */
  @Get()
  @Ok(TerminalStatsView)
  show(
    @Query() { sinceDays = 7 }: StatsQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<TerminalStatsView> {
    return this.stats.of(tenantId, sinceDays);
  }
}
