import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { EventLog, type Fact, recordedChange } from '../../../kernel/events/index.js';
import { clearing, countersOf, type ThrottleKeys } from '../lockout/login-throttles.repository.js';
import type { Session } from '../sessions/session.entity.js';
import {
  INTO_SESSIONS,
  LIVE_BESIDE,
  NEW_SESSION,
  SessionsRepository,
} from '../sessions/sessions.repository.js';
import { User } from '../users/user.entity.js';
import { signingIn } from '../users/users.repository.js';

/** Whom a login means, and until when tries for it are refused. */
export interface Candidate {
  /** Null when nobody is called that, the account was deleted, or its tenant is suspended. */
  readonly user: User | null;
  /** May lie in the past; null when nothing was ever locked. */
  readonly lockedUntil: Date | null;
}

type CandidateRow = { [Column in keyof User]: User[Column] | null } & { readonly lockedUntil: Date | null };

// Always one row, found in the same way whether or not there is such a user.
const candidate = statement<CandidateRow>(
  'sign_in_candidate',
  `SELECT ${columnsOf(User, 'u')}, locks.until AS "lockedUntil"
   FROM (
     SELECT max(locked_until) AS until FROM login_throttles
     WHERE tenant_id = $1 AND (kind, key_hash) IN (('address', $2), ('login', $3), ('login_address', $4))
   ) AS locks
   LEFT JOIN users u ON u.tenant_id = $1 AND u.deleted_at IS NULL AND (u.username_key = $5 OR u.email_key = $5)
     AND EXISTS (SELECT FROM tenants t WHERE t.id = u.tenant_id AND t.is_active)`,
);

// All parts of a statement see what was there when it began. Somebody who signed the user in since then, or whose
// transaction had to be waited for, has left another version of the user's row: nothing happens then, for there may be
// a session more than are seen here.
const atOnce = recordedChange<{ id: string }>(
  'sign_in_at_once',
  25,
  `signed_in AS (
     ${signingIn({ id: '$3', passwordChangedAt: '$19', passwordHash: '$20', newHash: '$21', at: '$13' })}
       AND version = $22 AND xmin = (SELECT seen.xmin FROM users AS seen WHERE seen.id = $3)
       AND NOT EXISTS (SELECT FROM login_throttles
         WHERE ${countersOf({ tenantId: '$2', address: '$23', login: '$24', loginAddress: '$25' })} AND locked_until > $13)
       AND NOT EXISTS (${LIVE_BESIDE} OFFSET $18)
     RETURNING id
   ), cleared AS (
     ${clearing({ tenantId: '$2', loginAddress: '$25', now: '$13' })} AND EXISTS (SELECT FROM signed_in)
   ), changed AS (
     ${INTO_SESSIONS} SELECT ${NEW_SESSION} FROM signed_in RETURNING id
   )`,
);

/** Somebody whose password has just been checked. */
export interface SignInAtOnce {
  /** As they were when it was checked. */
  readonly user: User;
  /** To be stored in place of one of an older kind or cost. */
  readonly newHash: string | null;
  readonly keys: ThrottleKeys;
  readonly session: Session;
  readonly cap: number;
}

@Injectable()
export class SignInRepository {
  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
    private readonly sessions: SessionsRepository,
  ) {}

  /** @param login in its canonical form */
  async candidate(login: string, keys: ThrottleKeys): Promise<Candidate> {
    const values = [keys.tenantId, keys.address, keys.login, keys.loginAddress, login];
    const row = await this.database.readOne(candidate, values);
    if (row === null) return { user: null, lockedUntil: null };
    const { lockedUntil, ...user } = row;
    return { user: user.id === null ? null : (user as User), lockedUntil };
  }

  /**
   * Writes the login, the session and the facts, and forgets failures, in one statement. False when something is not as
   * usual: the user was changed or is signing in elsewhere, a session has to end for this one, somebody's failures have
   * locked the login. Nothing is written then.
   */
  async atOnce(signIn: SignInAtOnce, facts: readonly Fact[]): Promise<boolean> {
    const { user, newHash, keys, session, cap } = signIn;
    const values = [
      ...this.sessions.valuesWithin(cap, session),
      ...[user.passwordChangedAt, user.passwordHash, newHash, user.version],
      ...[keys.address, keys.login, keys.loginAddress],
    ];
    return (await this.events.recordedWith(atOnce, values, facts)) !== null;
  }
}
