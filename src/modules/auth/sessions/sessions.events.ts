import { fact } from '../../../kernel/events/index.js';
import type { RevokedReason } from './session.entity.js';

const id = { type: 'string', format: 'uuid' } as const;
const exampleUser = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11';
const exampleSession = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c44';

export interface StartedSession {
  userId: string;
  sessionId: string;
  authProvider: string;
  amr: string[];
}

/** `resourceId` is the family: what stays the same until the session ends. So it is in all facts about sessions. */
export class SessionStarted extends fact<StartedSession>({
  action: 'session.start',
  resourceType: 'session',
  summary: 'Somebody signed in and holds tokens now.',
  public: true,
  detail: {
    userId: { ...id, description: 'Whose session it is.' },
    sessionId: { ...id, description: 'The first row of the session.' },
    authProvider: { type: 'string', description: 'How the user signed in.' },
    amr: { type: 'array', items: { type: 'string' }, description: 'Methods of authentication (RFC 8176).' },
  },
  example: { userId: exampleUser, sessionId: exampleSession, authProvider: 'local', amr: ['pwd'] },
}) {}

export interface RefreshedSession {
  userId: string;
  sessionId: string;
  previousSessionId: string;
}

export class SessionRefreshed extends fact<RefreshedSession>({
  action: 'session.refresh',
  resourceType: 'session',
  summary: 'A refresh token was exchanged for its successor.',
  public: false,
  detail: {
    userId: { ...id, description: 'Whose session it is.' },
    sessionId: { ...id, description: 'The row that was issued.' },
    previousSessionId: { ...id, description: 'The row whose token was spent.' },
  },
  example: {
    userId: exampleUser,
    sessionId: exampleSession,
    previousSessionId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c40',
  },
}) {}

export interface ReauthenticatedSession {
  userId: string;
}

export class SessionReauthenticated extends fact<ReauthenticatedSession>({
  action: 'session.reauthenticate',
  resourceType: 'session',
  summary: 'The person behind a session proved again who they are.',
  public: false,
  detail: { userId: { ...id, description: 'Whose session it is.' } },
  example: { userId: exampleUser },
}) {}

export interface EndedSessionDetail {
  userId: string;
  sessionId: string;
  reason: RevokedReason;
}

export class SessionRevoked extends fact<EndedSessionDetail>({
  action: 'session.revoke',
  resourceType: 'session',
  summary:
    'A session ended, by somebody’s wish, by a rule or because its time was over; its tokens are refused everywhere.',
  public: true,
  detail: {
    userId: { ...id, description: 'Whose session it was.' },
    sessionId: { ...id, description: 'The row that was live.' },
    reason: { type: 'string', description: 'Why it ended.' },
  },
  example: { userId: exampleUser, sessionId: exampleSession, reason: 'logout' },
}) {}

export interface ReusedRefreshToken {
  userId: string;
  sessionId: string;
}

export class SessionReuseDetected extends fact<ReusedRefreshToken>({
  action: 'session.reuse_detected',
  resourceType: 'session',
  summary: 'A spent refresh token was presented again and its whole session was ended.',
  public: true,
  detail: {
    userId: { ...id, description: 'Whose session it was.' },
    sessionId: { ...id, description: 'The row whose token was used twice.' },
  },
  example: { userId: exampleUser, sessionId: exampleSession },
}) {}

export class RefreshReuse extends fact<ReusedRefreshToken>({
  action: 'security.refresh_reuse',
  resourceType: 'user',
  summary: 'A refresh token of this user was used twice: one of the two uses may be a thief’s.',
  public: true,
  detail: {
    userId: { ...id, description: 'Whose token it was.' },
    sessionId: { ...id, description: 'The row whose token was used twice.' },
  },
  example: { userId: exampleUser, sessionId: exampleSession },
}) {}

export interface LoggedOut {
  /** How many sessions ended. */
  sessions: number;
}

export class UserLoggedOut extends fact<LoggedOut>({
  action: 'user.logout',
  resourceType: 'user',
  summary: 'A user signed out, here or everywhere.',
  public: true,
  detail: { sessions: { type: 'integer', minimum: 0, description: 'How many sessions ended.' } },
  example: { sessions: 1 },
}) {}
