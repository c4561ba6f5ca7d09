import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../kernel/access/index.js';
import { Created, Problems } from '../../../kernel/http/index.js';
import { PasswordChecksBusy } from '../auth.errors.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { TokenPairView } from '../sessions/token-pair.dto.js';
import { SetUp } from './setup.dto.js';
import { SetupDone } from './setup.errors.js';
import { FirstAdminSetup } from './first-admin.js';

@ApiTags('Authentication')
@Controller('auth')
export class SetupController {
  constructor(private readonly setup: FirstAdminSetup) {}

  /** Creates the first administrator of a fresh install, with the token the service printed at its start, and signs them in. */
  @Post('setup')
  @Public({ rate: 'auth', carriesCredentials: true })
  @Created(TokenPairView, '/api/v1/auth/me')
  @Problems(InvalidToken, SetupDone, PasswordChecksBusy)
  complete(@Body() body: SetUp): Promise<TokenPairView> {
    return this.setup.setUp(body);
  }
}
