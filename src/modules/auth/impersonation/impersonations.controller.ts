import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import { Created, NoContent, Ok, type Page, PageOf, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden, NotFound } from '../../../kernel/problem/index.js';
import { TargetOutranksCaller } from '../users/user.errors.js';
import { ImpersonationDirectory } from './impersonation-directory.js';
import { ImpersonationEndings } from './impersonation-endings.js';
import { ImpersonationStart } from './impersonation-start.js';
import {
  ImpersonationsQuery,
  ImpersonationView,
  StartedImpersonationView,
  StartImpersonation,
} from './impersonation.dto.js';
import { OwnImpersonation, ReasonTooShort, TargetNotActive } from './impersonation.errors.js';

@ApiTags('Impersonation')
@Controller('admin/impersonations')
@Authenticated({ permission: 'admin.impersonate' })
export class ImpersonationsController {
  constructor(
    private readonly beginning: ImpersonationStart,
    private readonly endings: ImpersonationEndings,
    private readonly directory: ImpersonationDirectory,
  ) {}

  /**
   * Act as another user.
   *
   * Gives a token for 15 minutes that cannot be refreshed and ends with your session. With it you see what the user sees
   * and may do what both of you may; you cannot change credentials, accounts or rights, decide anything, or act as a
   * third. Every request with it goes on record under your name.
   */
  @Post()
  @Authenticated({ permission: 'admin.impersonate', sensitive: true, credentials: ['session'] })
  @Created(StartedImpersonationView)
  @Problems(ReasonTooShort, OwnImpersonation, NotFound, TargetNotActive, TargetOutranksCaller)
  start(
    @Body() body: StartImpersonation,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StartedImpersonationView> {
    return this.beginning.start(body, principal);
  }

  /**
   * Show as whom the caller acts.
   *
   * With the token of an impersonation it shows that one. With one's own session, which needs `admin.impersonate`, it shows
   * the newest that was started from it.
   */
  @Get('current')
  @Authenticated({ credentials: ['session'] })
  @Ok(ImpersonationView)
  @Problems(Forbidden, NotFound)
  getCurrent(@CurrentPrincipal() principal: Principal): Promise<ImpersonationView> {
    return this.directory.current(principal);
  }

  /**
   * Stop acting as another user.
   *
   * With the token of an impersonation it ends that one. With one's own session, which needs `admin.impersonate`, it ends
   * all that were started from it.
   */
  @Delete('current')
  @Authenticated({ credentials: ['session'] })
  @NoContent()
  @Problems(Forbidden, NotFound)
  endCurrent(@CurrentPrincipal() principal: Principal): Promise<void> {
    return this.endings.endCurrent(principal);
  }

  /** Lists who acted as whom, and why, newest first. */
  @Get()
  @Ok(PageOf(ImpersonationView))
  list(@Query() query: ImpersonationsQuery, @Scope() scope: AccessScope): Promise<Page<ImpersonationView>> {
    return this.directory.page(query, scope);
  }

  /** Shows who acted as whom, and why. */
  @Get(':id')
  @Ok(ImpersonationView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<ImpersonationView> {
    return this.directory.view(id, scope);
  }
}
