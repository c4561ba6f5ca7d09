import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden } from '../../../kernel/problem/index.js';
import { UnknownPermission } from '../rbac.errors.js';
import {
  CheckAccess,
  checkAccessExamples,
  CheckedAccess,
  EffectiveAccess,
  EffectiveQuery,
  ExplainedAccess,
  ExplainQuery,
} from './authz.dto.js';
import { AuthzService } from './authz.service.js';

@ApiTags('Authorisation')
@Controller('authz')
@Authenticated()
export class AuthzController {
  constructor(private readonly authz: AuthzService) {}

  /**
   * Says whether somebody may do something, for one question or up to 100. Everybody may ask about themselves, and then
   * the answer is for the credential the request was made with; asking about others needs `authz.inspect`.
   */
  @Post('check')
  @ApiBody({ type: CheckAccess, examples: checkAccessExamples })
  @Ok(CheckedAccess)
  @Problems(UnknownPermission, Forbidden)
  check(@Body() body: CheckAccess, @CurrentPrincipal() principal: Principal): Promise<CheckedAccess> {
    return this.authz.check(body, principal);
  }

  /**
   * Says why somebody may do something or may not: every binding that was considered, the one that decided, and what each
   * meant. Asking about others needs `authz.inspect`.
   */
  @Get('explain')
  @Ok(ExplainedAccess)
  @Problems(UnknownPermission, Forbidden)
  explain(@Query() query: ExplainQuery, @CurrentPrincipal() principal: Principal): Promise<ExplainedAccess> {
    return this.authz.explain(query, principal);
  }

  /** Lists everything that somebody may do in one place, or everywhere. Asking about others needs `authz.inspect`. */
  @Get('effective')
  @Ok(EffectiveAccess)
  @Problems(Forbidden)
  effective(
    @Query() query: EffectiveQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EffectiveAccess> {
    return this.authz.effective(query, principal);
  }
}
