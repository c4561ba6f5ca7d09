import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Transactional } from '../../../kernel/database/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { AccountLocked, InvalidCredentials } from '../auth.errors.js';
import { Lockout } from '../lockout/lockout.js';
import type { ThrottleKeys } from '../lockout/login-throttles.repository.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { Sessions, type SignIn } from '../sessions/sessions.js';
import type { TokenPairView } from '../sessions/token-pair.dto.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { FailedLogins } from './failed-logins.js';
import type { LoginDto } from './login.dto.js';
import { type LoginFailureReason, UserLoggedIn } from './login.events.js';
import { LoginMetrics } from './login-metrics.js';
import { PasswordChecks } from './password-checks.js';
import { SignInRepository } from './sign-in.repository.js';

const AMR = ['pwd'];

/** A user whose password has just been checked. */
interface Proven {
  readonly user: User & { readonly passwordHash: string };
  /** To be stored in place of one of an older kind or cost. */
  readonly newHash: string | null;
  readonly keys: ThrottleKeys;
  readonly signIn: SignIn;
}

/**
 * Signing in with a password. All refusals but a lock are one: they look alike and cost the same number of statements
 * and one password check, whether or not there is such a user.
 *
 * Between its steps it lets everybody else have their turn. Hashing empties the processor's caches, so that each step
 * takes milliseconds, and where many sign in at a time the steps of several would keep the event loop for all of them.
 */
@Injectable()
export class Login {
  constructor(
    private readonly signIns: SignInRepository,
    private readonly users: UsersRepository,
    private readonly passwords: PasswordChecks,
    private readonly lockout: Lockout,
    private readonly failures: FailedLogins,
    private readonly sessions: Sessions,
    private readonly metrics: LoginMetrics,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidCredentials, AccountLocked, PasswordChecksBusy */
  async withPassword(request: LoginDto): Promise<TokenPairView> {
    const login = canonicalLogin(request.login);
    const keys = this.lockout.keysFor(DEFAULT_TENANT_ID, login);
    try {
      return await this.tryWith(request, login, keys);
    } catch (error) {
      if (error instanceof AccountLocked) this.metrics.locked();
      throw error;
    }
  }

  private async tryWith(request: LoginDto, login: string, keys: ThrottleKeys): Promise<TokenPairView> {
    await nextTurn();
    const { user, lockedUntil } = await this.signIns.candidate(login, keys);
    this.lockout.refuseUntil(lockedUntil);
    const matches = await this.passwords.matches(user, request.password);
    await nextTurn();
    const tokens = matches ? await this.signInIfAllowed(user, request, keys) : null;
    if (tokens === null) {
      await this.failures.count({ keys, user, reason: reasonOf(user, matches) });
      throw new InvalidCredentials();
    }
    this.metrics.succeeded();
    return tokens;
  }

  private async signInIfAllowed(
    user: User | null,
    request: LoginDto,
    keys: ThrottleKeys,
  ): Promise<TokenPairView | null> {
    if (!maySignIn(user)) return null;
    const newHash = await this.passwords.renewed(user.passwordHash, request.password);
    const { deviceLabel, deviceFingerprint } = request;
    const proven = { user, newHash, keys, signIn: { amr: AMR, deviceLabel, deviceFingerprint } };
    return (await this.signInAtOnce(proven)) ?? this.signIn(proven);
  }

  /** What nearly every login is. Null when it is another one, which takes all the steps. */
  private async signInAtOnce({ user, newHash, keys, signIn }: Proven): Promise<TokenPairView | null> {
    const cap = await this.sessions.capFor(user);
    const { session, refreshToken, started } = this.sessions.drafted(user, signIn);
    const facts = [started, loggedIn(user, session.id)];
    await nextTurn();
    const isDone = await this.signIns.atOnce({ user, newHash, keys, session, cap }, facts);
    await nextTurn();
    return isDone ? this.sessions.pairOf(session, refreshToken) : null;
  }

  /** Null when the account was changed between the look-up and now. */
  @Transactional()
  private async signIn({ user, newHash, keys, signIn }: Proven): Promise<TokenPairView | null> {
    const current = await this.users.signIn(user, newHash, this.clock.now());
    if (current === null) return null;
    await this.lockout.clear(keys);
    return this.sessions.startLocked(current, signIn, (sessionId) => [loggedIn(current, sessionId)]);
  }
}

/** Whether the account may be used at all, the right password given. */
function maySignIn(user: User | null): user is User & { readonly passwordHash: string } {
  return (
    user !== null &&
    user.passwordHash !== null &&
    user.isActive &&
    user.emailVerifiedAt !== null &&
    user.deletedAt === null
  );
}

function reasonOf(user: User | null, matches: boolean): LoginFailureReason {
  if (user === null) return 'unknown_login';
  if (user.passwordHash === null) return 'no_password';
  if (!matches) return 'wrong_password';
  if (maySignIn(user)) return 'changed_meanwhile';
  return user.isActive ? 'unverified' : 'disabled';
}

function loggedIn(user: User, sessionId: string): UserLoggedIn {
  return new UserLoggedIn({
    resourceId: user.id,
    tenantId: user.tenantId,
    actor: { kind: 'user', id: user.id, name: user.username },
    detail: { sessionId, amr: AMR },
  });
}
