import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden, NotFound, ValidationFailed } from '../../../kernel/problem/index.js';
import { AddedPackView, PackView } from './pack.dto.js';
import { OwnerQuery } from './rule.dto.js';
import { RuleOwners } from './rule-owner.js';
import { StarterPacks } from './starter-packs.js';

@ApiTags('Terminal rules')
@Controller('terminal/packs')
@Authenticated()
export class PacksController {
  constructor(
    private readonly packs: StarterPacks,
    private readonly owners: RuleOwners,
  ) {}

  /** Lists sets of rules to start from. */
  @Get()
  @Ok(PageOf(PackView))
  list(): Page<PackView> {
    return this.packs.all();
  }

  /** Adds the rules of a pack to the whitelist: to one's own, or with `terminal.policy` to another. Those that are there already stay as they are. */
  @Post(':name')
  @Authenticated({ credentials: ['session'], impersonation: false })
  @Ok(AddedPackView)
  @Problems(NotFound, Forbidden, ValidationFailed)
  async add(
    @Param('name') name: string,
    @Query() query: OwnerQuery,
    @CurrentPrincipal() caller: Principal,
  ): Promise<AddedPackView> {
    return this.packs.add(name, await this.owners.existing(query, caller, 'own'), caller);
  }
}
