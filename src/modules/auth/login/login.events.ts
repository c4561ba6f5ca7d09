import { fact } from '../../../kernel/events/index.js';
import type { ThrottleKind } from '../passwords/login-throttle-rule.js';

const id = { type: 'string', format: 'uuid' } as const;

export interface LoggedInUser {
  sessionId: string;
  amr: string[];
}

export class UserLoggedIn extends fact<LoggedInUser>({
  action: 'user.login',
  resourceType: 'user',
  summary: 'A user signed in.',
  public: true,
  detail: {
    sessionId: { ...id, description: 'The session that began.' },
    amr: { type: 'array', items: { type: 'string' }, description: 'Methods of authentication (RFC 8176).' },
  },
  example: { sessionId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c44', amr: ['pwd'] },
}) {}

/** What the client is never told. */
export type LoginFailureReason =
  'unknown_login' | 'wrong_password' | 'no_password' | 'disabled' | 'unverified' | 'changed_meanwhile';

export interface FailedLogin {
  reason: LoginFailureReason;
  /** The beginning of the counter's key. */
  login: string;
}

/** `resourceId` is the user, or null when nobody is called that. */
export class UserLoginFailed extends fact<FailedLogin>({
  action: 'user.login_failed',
  resourceType: 'user',
  summary: 'A try to sign in, or to prove who one is, was refused.',
  public: true,
  detail: {
    reason: {
      type: 'string',
      enum: ['unknown_login', 'wrong_password', 'no_password', 'disabled', 'unverified', 'changed_meanwhile'],
      description: 'Why; the client was not told.',
    },
    login: {
      type: 'string',
      description: 'Tells tries with the same login apart from others without naming it.',
    },
  },
  example: { reason: 'wrong_password', login: '9f86d081884c7d65' },
}) {}

export interface LockedUser {
  counter: ThrottleKind;
  failures: number;
  lockedUntil: string;
  login: string;
}

/** `resourceId` is the user, or null when nobody is called that: logins that do not exist lock as well. */
export class UserLocked extends fact<LockedUser>({
  action: 'user.locked',
  resourceType: 'user',
  summary: 'Failed logins reached a limit; further tries are refused for a while.',
  public: true,
  detail: {
    counter: {
      type: 'string',
      enum: ['login_address', 'login', 'address'],
      description: 'What was counted: the login from one address, the login from anywhere, or the address.',
    },
    failures: { type: 'integer', minimum: 1, description: 'Failures counted.' },
    lockedUntil: { type: 'string', format: 'date-time', description: 'End of the lock.' },
    login: { type: 'string', description: 'The same value as in the failed logins.' },
  },
  example: {
    counter: 'login_address',
    failures: 5,
    lockedUntil: '2026-01-06T08:00:30.000Z',
    login: '9f86d081884c7d65',
  },
}) {}
