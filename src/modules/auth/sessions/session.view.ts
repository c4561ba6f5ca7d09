import { ApiProperty } from '@nestjs/swagger';
import { Identifier, Optional, PageQuery, Text, View } from '../../../kernel/http/index.js';
import { Session } from './session.entity.js';

/** A session as its owner and administrators see it: its live row. */
export class SessionView extends View(Session, [
  'id',
  'userId',
  'familyId',
  'deviceFingerprint',
  'deviceLabel',
  'ip',
  'userAgent',
  'authProvider',
  'amr',
  'authenticatedAt',
  'createdAt',
  'lastActiveAt',
  'expiresAt',
  'revoked',
  'revokedReason',
  'previousSessionId',
]) {
  @ApiProperty({ description: 'Whether the request that asks was made with this session.', example: true })
  current: boolean;

  static of(session: Session, currentFamilyId: string | null): SessionView {
    return { ...SessionView.from(session), current: session.familyId === currentFamilyId };
  }
}

export class SessionsQuery extends PageQuery {
  /** Only sessions that were started this way: `local`, or the name of an identity provider. */
  @Optional()
  @Text({ max: 32, example: 'local' })
  provider?: string;

  /** Only sessions of this user. */
  @Optional()
  @Identifier()
  userId?: string;
}
