import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/index.js';
import { Accepted, NoContent, Problems } from '../../../kernel/http/index.js';
import { PasswordChecksBusy } from '../auth.errors.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { EmailVerification } from './email-verification.js';
import { Register, VerifyEmail } from './registration.dto.js';
import { RegistrationClosed } from './registration.errors.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('Authentication')
@Controller('auth')
export class RegistrationController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly verification: EmailVerification,
  ) {}

  /** Registers an account where registration is open. The answer is the same whether or not name and address are free; the mail tells. */
  @Post('register')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Accepted()
  @Problems(RegistrationClosed, PasswordChecksBusy)
  register(@Body() body: Register): Promise<void> {
    return this.registration.register(body);
  }

  /** Confirms a mail address with the token that was mailed to it. The account takes on the password and the name of the registration that the mail belongs to. */
  @Post('verify')
  @Public({ rate: 'auth', carriesCredentials: true })
  @NoContent()
  @Problems(InvalidToken)
  verify(@Body() body: VerifyEmail): Promise<void> {
    return this.verification.verify(body.token);
  }
}
