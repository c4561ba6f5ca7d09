import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
import { Ok } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Me } from './me.js';
import { MeView } from './me.view.js';

@ApiTags('Authentication')
@Controller('auth')
export class MeController {
  constructor(private readonly me: Me) {}

  /** Who the caller is and what they may do. */
  @Get('me')
  @Authenticated()
  @Ok(MeView)
  whoAmI(@CurrentPrincipal() principal: Principal): Promise<MeView> {
    return this.me.of(principal);
  }
}
