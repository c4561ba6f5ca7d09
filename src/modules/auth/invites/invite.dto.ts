import { ApiProperty } from '@nestjs/swagger';
import { Opaque } from '../../../kernel/http/index.js';
import { LONGEST_PASSWORD, LONGEST_TOKEN } from '../one-time-tokens/token-fields.js';

export class AcceptInvite {
  @ApiProperty({ description: 'The token from the invitation.' })
  @Opaque({ max: LONGEST_TOKEN, example: 'rv_inv_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE' })
  token: string;

  @ApiProperty({ description: 'The password to sign in with from now on, 12 to 128 characters.' })
  @Opaque({ max: LONGEST_PASSWORD, example: 'seven herons over a quiet lake' })
  password: string;
}
