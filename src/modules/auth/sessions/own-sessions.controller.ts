import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public } from '../../../kernel/access/index.js';
import { NoContent, Ok, type Page, PageOf, PageQuery, PathId, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { InvalidRefreshToken } from '../auth.errors.js';
import { RefreshDto } from './refresh.dto.js';
import { Refreshing } from './refreshing.js';
import { SessionDirectory } from './session-directory.js';
import { SessionEndings } from './session-endings.js';
import { SessionView } from './session.view.js';
import { TokenPairView } from './token-pair.dto.js';

@ApiTags('Authentication')
@Controller('auth')
export class OwnSessionsController {
  constructor(
    private readonly refreshing: Refreshing,
    private readonly directory: SessionDirectory,
    private readonly endings: SessionEndings,
  ) {}

  /**
   * Exchange a refresh token for a new pair.
   *
   * The token is spent by this. Presented again within 30 seconds, while its successor is unused, it gives the same
   * successor; after that it ends the whole session.
   */
  @Post('refresh')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Ok(TokenPairView)
  @Problems(InvalidRefreshToken)
  refresh(@Body() { refreshToken }: RefreshDto): Promise<TokenPairView> {
    return this.refreshing.exchange(refreshToken);
  }

  /** Sign out: the session of this request ends, its tokens are refused at once. */
  @Post('logout')
  @Authenticated({ credentials: ['session'], impersonation: false })
  @NoContent()
  async logout(@CurrentPrincipal() principal: Principal): Promise<void> {
    await this.endings.logOut(principal);
  }

  /** Sign out everywhere: all sessions of the caller end. */
  @Post('logout-all')
  @Authenticated({ credentials: ['session'], impersonation: false })
  @NoContent()
  async logoutAll(@CurrentPrincipal() principal: Principal): Promise<void> {
    await this.endings.logOutEverywhere(principal);
  }

  /** Where the caller is signed in. */
  @Get('sessions')
  @Authenticated({ credentials: ['session'] })
  @Ok(PageOf(SessionView))
  list(@Query() query: PageQuery, @CurrentPrincipal() principal: Principal): Promise<Page<SessionView>> {
    return this.directory.page(query, { tenantId: principal.tenantId, userId: principal.id }, principal);
  }

  /** End one of the caller's sessions. */
  @Delete('sessions/:id')
  @Authenticated({ credentials: ['session'], impersonation: false })
  @NoContent()
  @Problems(NotFound)
  async end(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.endings.end(id, principal);
  }
}
