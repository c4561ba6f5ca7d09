import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import {
  Created,
  IfMatch,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PathId,
  Problems,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, ValidationFailed, VersionMismatch } from '../../../kernel/problem/index.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { CreateRule, OwnerQuery, RulesQuery, RuleView } from './rule.dto.js';
import { BlockPatternTaken } from './rule.errors.js';
import { ownerOf, RuleOwners } from './rule-owner.js';
import { RulesService } from './rules.service.js';

@ApiTags('Terminal rules')
@Controller('terminal/blocklist')
@Authenticated({ permission: terminalPermissions['terminal.policy'] })
export class BlocklistController {
  constructor(
    private readonly rules: RulesService,
    private readonly owners: RuleOwners,
  ) {}

  /** Lists the commands that nobody may run, newest first: those for everybody unless a scope is named. */
  @Get()
  @Ok(PageOf(RuleView))
  list(@Query() query: RulesQuery, @CurrentPrincipal() caller: Principal): Promise<Page<RuleView>> {
    return this.rules.page(query, 'block', ownerOf(query, caller, 'everybody'));
  }

  /**
   * Keeps everybody, or those whom the scope names, from commands that begin with these words, whatever else allows them
   * and in whatever case. What waits and is refused now is cancelled.
   */
  @Post()
  @Authenticated({ permission: terminalPermissions['terminal.policy'], impersonation: false })
  @Created(RuleView, '/api/v1/terminal/blocklist/:id')
  @Problems(BlockPatternTaken, ValidationFailed)
  async add(
    @Query() query: OwnerQuery,
    @Body() body: CreateRule,
    @CurrentPrincipal() caller: Principal,
  ): Promise<RuleView> {
    const owner = await this.owners.existing(query, caller, 'everybody');
    return this.rules.create(body, 'block', owner, caller);
  }

  /** Shows a rule of the blocklist. */
  @Get(':id')
  @Ok(RuleView)
  @Problems(NotFound)
  get(@PathId() id: string, @CurrentPrincipal() caller: Principal): Promise<RuleView> {
    return this.rules.view(id, 'block', caller);
  }

  /** Deletes a rule of the blocklist. */
  @Delete(':id')
  @Authenticated({ permission: terminalPermissions['terminal.policy'], impersonation: false })
  @NoContent()
  @Problems(NotFound, VersionMismatch)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() caller: Principal,
  ): Promise<void> {
    return this.rules.delete(id, 'block', version, caller);
  }
}
