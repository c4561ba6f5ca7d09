import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import { PasswordChecksBusy } from '../auth.errors.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { TokenPairView } from '../sessions/token-pair.dto.js';
import { InviteAcceptance } from './invite-acceptance.js';
import { AcceptInvite } from './invite.dto.js';

@ApiTags('Authentication')
@Controller('auth/invite')
export class InvitesController {
  constructor(private readonly acceptance: InviteAcceptance) {}

  /** Accepts an invitation: sets the password and signs in. */
  @Post('accept')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Ok(TokenPairView)
  @Problems(InvalidToken, PasswordChecksBusy)
  accept(@Body() body: AcceptInvite): Promise<TokenPairView> {
    return this.acceptance.accept(body);
  }
}
