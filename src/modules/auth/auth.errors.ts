import { Problem, problem, type ProblemExtras, type ProblemType } from '../../kernel/problem/index.js';

/** One answer for every reason, so that it tells nothing about accounts. */
export class InvalidCredentials extends problem({
  status: 401,
  code: 'invalid_credentials',
  title: 'Login or password is wrong',
  meaning:
    'No active account goes with this login and password. Unknown, disabled and unverified accounts are answered alike. ' +
    'For somebody who is signed in and gives a wrong current password, the status is 403.',
  remedy: 'Check login and password, or ask for a new password. Several failures lock the login for a while.',
}) {
  constructor() {
    super('The login or the password is wrong.');
  }
}

const WRONG_PASSWORD: ProblemType = Object.freeze({ ...InvalidCredentials.type, status: 403 });

/**
 * The current password of somebody who is signed in was wrong: the same code, but 403, because a 401 would tell the client
 * to throw its access token away.
 */
export class WrongPassword extends Problem {
  static readonly type = WRONG_PASSWORD;

  constructor(detail = 'The current password is wrong.', extras?: ProblemExtras) {
    super(WRONG_PASSWORD, detail, extras);
  }
}

export class AccountLocked extends problem({
  status: 429,
  code: 'account_locked',
  title: 'Too many failed logins',
  meaning:
    'This login, or this address, had too many failed logins lately and is refused for a while, the right password too. ' +
    'Logins that do not exist lock in the same way. Sessions and keys that exist already go on.',
  remedy: 'Wait for the seconds in Retry-After.',
}) {
  constructor(retryAfterSeconds: number) {
    super('Too many failed logins; try again later.', {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

export class PasswordChecksBusy extends problem({
  status: 429,
  code: 'password_checks_busy',
  title: 'Too many passwords are being checked',
  meaning:
    'So many passwords wait to be checked that this one was not queued. It was neither checked nor counted as a failure.',
  remedy: 'Try again after the seconds in Retry-After.',
}) {
  constructor(retryAfterSeconds: number) {
    super('Many people are signing in; try again in a moment.', {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** One answer for unknown, spent, expired and revoked tokens alike. */
export class InvalidRefreshToken extends problem({
  status: 401,
  code: 'invalid_refresh_token',
  title: 'The refresh token is not valid',
  meaning:
    'The refresh token is unknown, expired or revoked, or it was used again after its successor was issued.',
  remedy:
    'Sign in again. A token that was used twice has ended its whole session, because one of the two users may be a thief.',
}) {
  constructor() {
    super('The refresh token is not valid any more.');
  }
}
