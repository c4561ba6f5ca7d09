import { ApiProperty } from '@nestjs/swagger';
import { View } from '../../../kernel/http/index.js';
import { User } from './user.entity.js';

/** A user as those see it who look after users. */
export class UserView extends View(User, [
  'id',
  'username',
  'email',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
  'emailVerifiedAt',
  'lastLoginAt',
  'disabledReason',
  'createdBy',
  'createdAt',
  'updatedAt',
  'deletedAt',
  'version',
]) {
  @ApiProperty({
    type: [String],
    example: ['member', 'operator'],
    description: 'Roles held everywhere; everybody is a member.',
  })
  roles: string[];

  static of(user: User, roles: readonly string[]): UserView {
    return { ...UserView.from(user), roles: [...roles] };
  }
}

/** The answer to an invitation: the only time its token is shown. */
export class InvitedUserView extends UserView {
  @ApiProperty({
    example: 'rv_inv_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE',
    description:
      'For `POST /api/v1/auth/invite/accept`, once. It is mailed to the user as well and never shown again.',
  })
  inviteToken: string;

  @ApiProperty({ example: '2026-01-08T09:12:00.000Z', description: 'When the invitation stops working.' })
  inviteExpiresAt: Date;
}
