import { ApiProperty, PickType } from '@nestjs/swagger';
import { Opaque } from '../../../kernel/http/index.js';
import { LONGEST_PASSWORD, LONGEST_TOKEN } from '../one-time-tokens/token-fields.js';
import { User } from '../users/user.entity.js';

export class SetUp extends PickType(User, ['username', 'email'] as const) {
  @ApiProperty({ description: 'The token that the service printed when it started.' })
  @Opaque({ max: LONGEST_TOKEN, example: 'rv_stp_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE' })
  token: string;

  @ApiProperty({ description: 'The password of the first administrator, 12 to 128 characters.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'seven herons over a quiet lake' })
  password: string;
}
