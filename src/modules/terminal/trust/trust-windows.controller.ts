import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import {
  Created,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PageQuery,
  PathId,
  Problems,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, ValidationFailed } from '../../../kernel/problem/index.js';
import { OwnRequest, VoterNotEligible } from '../terminal.errors.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { GrantTrust, grantTrustExamples, TrustWindowView } from './trust.dto.js';
import { TrustWindowsService } from './trust-windows.service.js';

@ApiTags('Terminal approvals')
@Controller('terminal/trust-windows')
@Authenticated({ permission: terminalPermissions['terminal.read'] })
export class TrustWindowsController {
  constructor(private readonly trust: TrustWindowsService) {}

  /** Lists trust windows, newest first, those that are over included. */
  @Get()
  @Ok(PageOf(TrustWindowView))
  list(@Query() query: PageQuery, @Scope() scope: AccessScope): Promise<Page<TrustWindowView>> {
    return this.trust.page(query, scope);
  }

  /**
   * Lets a principal run one command, or those that begin with some words, without anybody being asked: for an hour at
   * most, and so many times. Nothing that is blocked or denied is allowed by it. Nobody vouches for themselves.
   */
  @Post()
  @Authenticated({
    permission: terminalPermissions['terminal.approve'],
    sensitive: true,
    credentials: ['session'],
  })
  @ApiBody({ type: GrantTrust, examples: grantTrustExamples })
  @Created(TrustWindowView)
  @Problems(ValidationFailed, OwnRequest, VoterNotEligible)
  grant(@Body() body: GrantTrust, @CurrentPrincipal() granter: Principal): Promise<TrustWindowView> {
    return this.trust.grant(body, granter);
  }

  /** Shows a trust window. */
  @Get(':id')
  @Ok(TrustWindowView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<TrustWindowView> {
    return this.trust.view(id, scope);
  }

  /** Takes a trust window back; what it allowed is asked about again at once. */
  @Delete(':id')
  @Authenticated({ permission: terminalPermissions['terminal.approve'] })
  @NoContent()
  @Problems(NotFound)
  revoke(@PathId() id: string, @Scope() scope: AccessScope): Promise<void> {
    return this.trust.revoke(id, scope);
  }
}
