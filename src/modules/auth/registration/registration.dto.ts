import { ApiProperty, PickType } from '@nestjs/swagger';
import { Opaque, Optional } from '../../../kernel/http/index.js';
import { LONGEST_PASSWORD, LONGEST_TOKEN } from '../one-time-tokens/token-fields.js';
import { Username } from '../users/name-rules.js';
import { User } from '../users/user.entity.js';

export class Register extends PickType(User, ['email'] as const) {
  @ApiProperty({ description: 'The password to sign in with, 12 to 128 characters.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'seven herons over a quiet lake' })
  password: string;

  @ApiProperty({ description: 'The name to sign in with; made from the mail address when left out.' })
  @Optional()
  @Username()
  username?: string;
}

export class VerifyEmail {
  @ApiProperty({ description: 'The token from the mail.' })
  @Opaque({ max: LONGEST_TOKEN, example: 'rv_vfy_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE' })
  token: string;
}
