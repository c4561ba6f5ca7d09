import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { NoContent, Ok, type Page, PageOf, PageQuery, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { SessionDirectory } from './session-directory.js';
import { SessionEndings } from './session-endings.js';
import { SessionsQuery, SessionView } from './session.view.js';

@ApiTags('Sessions')
@Controller()
export class SessionsController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly endings: SessionEndings,
  ) {}

  /** Where users are signed in. */
  @Get('sessions')
  @Authenticated({ permission: 'session.read' })
  @Ok(PageOf(SessionView))
  list(@Query() query: SessionsQuery, @CurrentPrincipal() principal: Principal): Promise<Page<SessionView>> {
    const { provider, userId } = query;
    return this.directory.page(query, { tenantId: principal.tenantId, userId, provider }, principal);
  }

  /** Where one user is signed in. */
  @Get('users/:id/sessions')
  @Authenticated({ permission: 'session.read' })
  @Ok(PageOf(SessionView))
  @Problems(NotFound)
  listOfUser(
    @PathId() id: string,
    @Query() query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<SessionView>> {
    return this.directory.pageOfUser(id, query, principal);
  }

  /** Sign a user out everywhere. */
  @Delete('users/:id/sessions')
  @Authenticated({ permission: 'session.revoke', impersonation: false })
  @NoContent()
  @Problems(NotFound)
  async endOfUser(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.endings.endAllOf(id, principal);
  }
}
