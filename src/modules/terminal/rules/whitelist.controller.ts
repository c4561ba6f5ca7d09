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
import { Forbidden, NotFound, ValidationFailed, VersionMismatch } from '../../../kernel/problem/index.js';
import { CreateRule, OwnerQuery, RulesQuery, RuleView } from './rule.dto.js';
import { ownerOf, RuleOwners } from './rule-owner.js';
import { RulesService } from './rules.service.js';

@ApiTags('Terminal rules')
@Controller('terminal/whitelist')
@Authenticated()
export class WhitelistController {
  constructor(
    private readonly rules: RulesService,
    private readonly owners: RuleOwners,
  ) {}

  /** Lists the commands that run without being asked about, newest first: one's own, or with `terminal.policy` those of others. */
  @Get()
  @Ok(PageOf(RuleView))
  @Problems(Forbidden, ValidationFailed)
  list(@Query() query: RulesQuery, @CurrentPrincipal() caller: Principal): Promise<Page<RuleView>> {
    return this.rules.page(query, 'allow', ownerOf(query, caller, 'own'));
  }

  /**
   * Lets commands that begin with these words run without being asked about. Only a person who is signed in may say so: a
   * program that held a key could otherwise allow itself what it was about to be asked about.
   */
  @Post()
  @Authenticated({ credentials: ['session'], impersonation: false })
  @Created(RuleView, '/api/v1/terminal/whitelist/:id')
  @Problems(Forbidden, ValidationFailed)
  async add(
    @Query() query: OwnerQuery,
    @Body() body: CreateRule,
    @CurrentPrincipal() caller: Principal,
  ): Promise<RuleView> {
    const owner = await this.owners.existing(query, caller, 'own');
    return this.rules.create(body, 'allow', owner, caller);
  }

  /** Shows a rule of the whitelist. */
  @Get(':id')
  @Ok(RuleView)
  @Problems(NotFound)
  get(@PathId() id: string, @CurrentPrincipal() caller: Principal): Promise<RuleView> {
    return this.rules.view(id, 'allow', caller);
  }

  /** Deletes a rule of the whitelist; what it allowed is asked about again at once. */
  @Delete(':id')
  @Authenticated({ impersonation: false })
  @NoContent()
  @Problems(NotFound, VersionMismatch)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() caller: Principal,
  ): Promise<void> {
    return this.rules.delete(id, 'allow', version, caller);
  }
}
