import { ApiProperty } from '@nestjs/swagger';
import { Identifier, Optional, PageQuery, Text, View } from '../../../kernel/http/index.js';
import { PrincipalView } from '../me/me.view.js';
import { Impersonation } from './impersonation.entity.js';

const LONGEST_REASON = 512;

export class StartImpersonation {
  @ApiProperty({ description: 'The user to act as.' })
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  userId: string;

  @ApiProperty({ description: 'Why: at least 10 characters, which go on record.' })
  @Text({ min: 0, max: LONGEST_REASON, example: 'Ticket 4711: the list of keys stays empty.' })
  reason: string;
}

export class StartedImpersonationView extends View(Impersonation, ['id', 'expiresAt']) {
  @ApiProperty({
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImltcCtqd3QifQ.e30.c2lnbmF0dXJl',
    description: 'Send it as `Authorization: Bearer`. It cannot be refreshed.',
  })
  accessToken: string;
}

export class ImpersonationView extends View(Impersonation, [
  'id',
  'reason',
  'createdAt',
  'expiresAt',
  'endedAt',
  'endedReason',
]) {
  @ApiProperty({ type: PrincipalView, description: 'Who acts.' })
  actor: PrincipalView;

  @ApiProperty({ type: PrincipalView, description: 'Whom they act as.' })
  user: PrincipalView;

  static of(row: Impersonation): ImpersonationView {
    const { actorId, actorName, userId, userName } = row;
    return {
      ...ImpersonationView.from(row),
      actor: { kind: 'user', id: actorId, name: actorName },
      user: { kind: 'user', id: userId, name: userName },
    };
  }
}

export class ImpersonationsQuery extends PageQuery {
  @ApiProperty({ description: 'Only those in which somebody acted as this user.' })
  @Optional()
  @Identifier()
  userId?: string;

  @ApiProperty({ description: 'Only those in which this user acted.' })
  @Optional()
  @Identifier()
  actorId?: string;
}
