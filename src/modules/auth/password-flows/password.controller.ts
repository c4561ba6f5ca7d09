import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public } from '../../../kernel/access/index.js';
import { Accepted, NoContent, Problems } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { AccountLocked, PasswordChecksBusy, WrongPassword } from '../auth.errors.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { ForgottenPasswords } from './forgotten-passwords.js';
import { PasswordChange } from './password-change.js';
import { PasswordResets } from './password-resets.js';
import { ChangePassword, ForgotPassword, ResetPassword } from './password.dto.js';

@ApiTags('Authentication')
@Controller('auth/password')
export class PasswordController {
  constructor(
    private readonly changing: PasswordChange,
    private readonly forgotten: ForgottenPasswords,
    private readonly resets: PasswordResets,
  ) {}

  /** Changes your own password; your other sessions end. */
  @Post('change')
  @Authenticated({ credentials: ['session'], carriesCredentials: true })
  @NoContent()
  @Problems(WrongPassword, AccountLocked, PasswordChecksBusy)
  change(@Body() body: ChangePassword, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.changing.change(principal, body);
  }

  /** Mails a token for choosing a new password, if somebody has this address. The answer is the same if nobody has. */
  @Post('forgot')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Accepted()
  forgot(@Body() body: ForgotPassword): Promise<void> {
    return this.forgotten.request(body.email);
  }

  /** Sets a new password with a mailed token; all sessions end. */
  @Post('reset')
  @Public({ rate: 'auth', carriesCredentials: true })
  @NoContent()
  @Problems(InvalidToken, PasswordChecksBusy)
  reset(@Body() body: ResetPassword): Promise<void> {
    return this.resets.reset(body);
  }
}
