import { ApiProperty, PickType } from '@nestjs/swagger';
import { Opaque } from '../../../kernel/http/index.js';
import { LONGEST_PASSWORD, LONGEST_TOKEN } from '../one-time-tokens/token-fields.js';
import { User } from '../users/user.entity.js';

export class ChangePassword {
  @ApiProperty({ description: 'The password used until now.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'seven herons over a quiet lake' })
  currentPassword: string;

  @ApiProperty({ description: 'The password to use from now on, 12 to 128 characters.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'two foxes under an early moon' })
  newPassword: string;
}

export class ForgotPassword extends PickType(User, ['email'] as const) {}

export class ResetPassword {
  @ApiProperty({ description: 'The token from the mail.' })
  @Opaque({ max: LONGEST_TOKEN, example: 'rv_rst_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE' })
  token: string;

  @ApiProperty({ description: 'The password to use from now on, 12 to 128 characters.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'two foxes under an early moon' })
  newPassword: string;
}
