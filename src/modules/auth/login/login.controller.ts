import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { AccountLocked, InvalidCredentials, PasswordChecksBusy, WrongPassword } from '../auth.errors.js';
import { AccessTokenView, TokenPairView } from '../sessions/token-pair.dto.js';
import { Login } from './login.js';
import { LoginDto, ReauthenticateDto } from './login.dto.js';
import { Reauthentication } from './reauthentication.js';

@ApiTags('Authentication')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly logins: Login,
    private readonly reauthentication: Reauthentication,
  ) {}

  /** Sign in with a username or mail address and a password. */
  @Post('login')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Ok(TokenPairView)
  @Problems(InvalidCredentials, AccountLocked, PasswordChecksBusy)
  login(@Body() request: LoginDto): Promise<TokenPairView> {
    return this.logins.withPassword(request);
  }

  /**
   * Prove again who you are, for routes that ask for a recent proof.
   *
   * The whole session counts as freshly authenticated, on all its devices' tokens; the new access token does so at once
   * everywhere.
   */
  @Post('reauthenticate')
  @Authenticated({ credentials: ['session'], carriesCredentials: true })
  @Ok(AccessTokenView)
  @Problems(WrongPassword, AccountLocked, PasswordChecksBusy)
  reauthenticate(
    @Body() { password }: ReauthenticateDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<AccessTokenView> {
    return this.reauthentication.withPassword(principal, password);
  }
}
