import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { TOTAL_CAP } from '../../../kernel/http/index.js';
import { Configuration } from '../../../kernel/runtime/index.js';
import { type RevokedReason, Session } from './session.entity.js';

/** Which live sessions a list shows; what is undefined does not narrow it. */
export interface SessionFilter {
  readonly tenantId: string;
  readonly userId?: string;
  readonly provider?: string;
}

/** What a refresh token stands for, and whether those behind it may still use it. */
export interface PresentedSession extends Session {
  readonly username: string;
  readonly userIsActive: boolean;
  readonly tenantIsActive: boolean;
}

/** What a request with an access token depends on. */
export interface SessionState {
  readonly sessionId: string;
  readonly familyId: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly username: string;
  readonly amr: string[];
  readonly authenticatedAt: Date;
  readonly lastActiveAt: Date;
  readonly expiresAt: Date;
}

/** A row that a revocation ended. */
export interface EndedSession {
  readonly id: string;
  readonly familyId: string;
  readonly userId: string;
  readonly tenantId: string;
}

const COLUMNS = columnsOf(Session);
const ENDED = 'id, family_id AS "familyId", user_id AS "userId", tenant_id AS "tenantId"';

// What starts, spends or ends sessions of a user meets on the user's row: a refresh takes it shared, so that those of
// other devices do not wait; everything else alone. Without it a refresh under way would outlive the revocation it raced.
const lockUser = statement<{ id: string }>(
  'session_lock_user',
  'SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE',
);

// Whoever signs a user in leaves another version of the user's row, so that `sign_in_at_once` sees that it was not alone.
const touchUser = statement('session_touch_user', 'UPDATE users SET last_login_at = $2 WHERE id = $1');

/** A first row and what is beside it, for statements whose first parameters are `valuesWithin`. */
export const INTO_SESSIONS = `INSERT INTO auth_sessions (id, tenant_id, user_id, family_id, refresh_token_hash, device_fingerprint,
     device_label, ip, user_agent, auth_provider, amr, authenticated_at, created_at, last_active_at, expires_at,
     previous_session_id)`;
export const NEW_SESSION = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16';
const INSERT = `${INTO_SESSIONS} VALUES (${NEW_SESSION})`;
export const LIVE_BESIDE =
  'SELECT id FROM auth_sessions WHERE user_id = $3 AND NOT revoked AND expires_at > $13 AND last_active_at > $17';

const insert = statement('session_insert', INSERT);

// The new row is not among those that are looked at, which are the ones of before the statement.
const insertInRoom = statement<EndedSession>(
  'session_insert_in_room',
  `WITH opened AS (${INSERT})
   UPDATE auth_sessions SET revoked = true, revoked_at = $13, revoked_reason = 'session_cap_eviction'
   WHERE id IN (
     ${LIVE_BESIDE} ORDER BY last_active_at DESC, id DESC OFFSET $18
   ) AND NOT revoked
   RETURNING ${ENDED}`,
);

const present = statement<PresentedSession>(
  'session_present',
  `WITH holder AS MATERIALIZED (
     SELECT id, username, is_active AND deleted_at IS NULL AS is_active FROM users
     WHERE id = (SELECT user_id FROM auth_sessions WHERE refresh_token_hash = $1)
     FOR SHARE
   )
   SELECT ${columnsOf(Session, 's')}, holder.username, holder.is_active AS "userIsActive", t.is_active AS "tenantIsActive"
   FROM holder JOIN auth_sessions s ON s.refresh_token_hash = $1 JOIN tenants t ON t.id = s.tenant_id
   FOR UPDATE OF s`,
);

const successorOf = statement<Session>(
  'session_successor',
  `SELECT ${COLUMNS} FROM auth_sessions WHERE previous_session_id = $1`,
);

const markRotated = statement(
  'session_mark_rotated',
  `UPDATE auth_sessions SET revoked = true, revoked_at = $2, revoked_reason = 'rotated' WHERE id = $1`,
);

const endFamily = statement<EndedSession>(
  'session_end_family',
  `UPDATE auth_sessions SET revoked = true, revoked_at = $2, revoked_reason = $3 WHERE family_id = $1 AND NOT revoked
   RETURNING ${ENDED}`,
);

const endAllOf = statement<EndedSession>(
  'session_end_all_of',
  `UPDATE auth_sessions SET revoked = true, revoked_at = $2, revoked_reason = $3
   WHERE user_id = $1 AND NOT revoked AND family_id IS DISTINCT FROM $4::uuid
   RETURNING ${ENDED}`,
);

const reauthenticated = statement<Session>(
  'session_reauthenticated',
  `UPDATE auth_sessions SET authenticated_at = $2 WHERE family_id = $1 AND NOT revoked AND expires_at > $2
   RETURNING ${COLUMNS}`,
);

const stateOf = statement<SessionState>(
  'session_state',
  `SELECT s.id AS "sessionId", s.family_id AS "familyId", s.user_id AS "userId", s.tenant_id AS "tenantId", u.username,
     live.amr, live.authenticated_at AS "authenticatedAt", live.last_active_at AS "lastActiveAt",
     live.expires_at AS "expiresAt"
   FROM auth_sessions s
   JOIN auth_sessions live ON live.family_id = s.family_id AND NOT live.revoked
   JOIN users u ON u.id = s.user_id AND u.is_active AND u.deleted_at IS NULL
   JOIN tenants t ON t.id = s.tenant_id AND t.is_active
   WHERE s.id = $1`,
);

const liveOfFamily = statement<Session>(
  'session_live_of_family',
  `SELECT ${COLUMNS} FROM auth_sessions
   WHERE family_id = $1 AND NOT revoked AND expires_at > $2 AND last_active_at > $3`,
);

const familyById = statement<{ familyId: string }>(
  'session_family_by_id',
  'SELECT family_id AS "familyId" FROM auth_sessions WHERE id = $1 AND user_id = $2 AND tenant_id = $3',
);

const markExpired = statement<EndedSession>(
  'session_mark_expired',
  `UPDATE auth_sessions SET revoked = true, revoked_at = $1, revoked_reason = 'expired' WHERE id IN (
     SELECT id FROM auth_sessions WHERE NOT revoked AND (expires_at <= $1 OR last_active_at <= $2)
     LIMIT $3 FOR UPDATE SKIP LOCKED
   ) RETURNING ${ENDED}`,
);

const deleteDead = statement<{ id: string }>(
  'session_delete_dead',
  `DELETE FROM auth_sessions WHERE id IN (
     SELECT id FROM auth_sessions WHERE expires_at < $1 AND revoked ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING id`,
);

/** The three lists have a statement each, so that each is planned for its own index. */
const LIVE = 'NOT revoked AND expires_at > $2 AND last_active_at > $3';
const lists = {
  tenant: listStatements('tenant', 'tenant_id = $1 AND $4::text IS NULL AND $5::uuid IS NULL'),
  provider: listStatements('provider', 'tenant_id = $1 AND auth_provider = $4 AND $5::uuid IS NULL'),
  user: listStatements(
    'user',
    'tenant_id = $1 AND user_id = $5 AND ($4::text IS NULL OR auth_provider = $4)',
  ),
};

function listStatements(name: string, condition: string) {
  const where = `WHERE ${condition} AND ${LIVE}`;
  return {
    page: statement<Session>(
      `session_page_${name}`,
      `SELECT ${COLUMNS} FROM auth_sessions ${where} AND ($6::uuid IS NULL OR id < $6) ORDER BY id DESC LIMIT $7`,
    ),
    count: statement<{ count: number }>(
      `session_count_${name}`,
      `SELECT count(*)::integer AS count FROM (SELECT 1 FROM auth_sessions ${where} LIMIT ${TOTAL_CAP + 1}) AS counted`,
    ),
  };
}

@Injectable()
export class SessionsRepository {
  private readonly idleMs: number;

  constructor(
    private readonly database: Database,
    configuration: Configuration,
  ) {
    this.idleMs = configuration.refreshIdleSeconds * 1000;
  }

  /** The instant from which on a session that is not used counts as over. */
  idleEnd(session: Pick<Session, 'lastActiveAt'>): Date {
    return new Date(session.lastActiveAt.getTime() + this.idleMs);
  }

  /** Holds the user's row until the transaction ends. */
  async lockUser(userId: string): Promise<void> {
    await this.database.writeOne(lockUser, [userId]);
  }

  /** The same, and the time of the login. */
  async touchUser(userId: string, at: Date): Promise<void> {
    await this.database.write(touchUser, [userId, at]);
  }

  async add(session: Session): Promise<void> {
    await this.database.write(insert, columnsFor(session));
  }

  /**
   * Adds the first row of a session and ends the least recently active ones of its user, so that with it `cap` are live.
   * The user must be locked. Returns what was ended.
   */
  addWithin(cap: number, session: Session): Promise<EndedSession[]> {
    return this.database.write(insertInRoom, this.valuesWithin(cap, session));
  }

  valuesWithin(cap: number, session: Session): unknown[] {
    return [...columnsFor(session), this.idleSince(session.createdAt), cap - 1];
  }

  /** The row of this refresh token as it is once nobody else is spending it, held until the transaction ends. */
  present(refreshTokenHash: string): Promise<PresentedSession | null> {
    return this.database.writeOne(present, [refreshTokenHash]);
  }

  successorOf(sessionId: string): Promise<Session | null> {
    return this.database.readOne(successorOf, [sessionId]);
  }

  async markRotated(sessionId: string, now: Date): Promise<void> {
    await this.database.write(markRotated, [sessionId, now]);
  }

  endFamily(familyId: string, reason: RevokedReason, now: Date): Promise<EndedSession[]> {
    return this.database.write(endFamily, [familyId, now, reason]);
  }

  endAllOf(
    userId: string,
    reason: RevokedReason,
    now: Date,
    exceptFamilyId: string | null,
  ): Promise<EndedSession[]> {
    return this.database.write(endAllOf, [userId, now, reason, exceptFamilyId]);
  }

  /** The live row with the new instant; null when the session has ended. */
  reauthenticated(familyId: string, at: Date): Promise<Session | null> {
    return this.database.writeOne(reauthenticated, [familyId, at]);
  }

  /** Null when the session, its user or its tenant is not alive. Whether it has expired is for the caller to see. */
  stateOf(sessionId: string): Promise<SessionState | null> {
    return this.database.readOne(stateOf, [sessionId]);
  }

  liveOfFamily(familyId: string, now: Date): Promise<Session | null> {
    return this.database.readOne(liveOfFamily, [familyId, now, this.idleSince(now)]);
  }

  /** The session that a row of this user belongs to, live or not. */
  async familyOf(sessionId: string, userId: string, tenantId: string): Promise<string | null> {
    return (await this.database.readOne(familyById, [sessionId, userId, tenantId]))?.familyId ?? null;
  }

  /** Live rows, newest first, at most `limit + 1`, those after the position. */
  page(filter: SessionFilter, now: Date, after: string | null, limit: number): Promise<Session[]> {
    return this.database.read(listFor(filter).page, [...this.valuesOf(filter, now), after, limit + 1]);
  }

  /** Counts up to `TOTAL_CAP + 1`. */
  async count(filter: SessionFilter, now: Date): Promise<number> {
    return (await this.database.readOne(listFor(filter).count, this.valuesOf(filter, now)))?.count ?? 0;
  }

  /** Marks at most `limit` sessions that ran out; returns which. */
  markExpired(now: Date, limit: number): Promise<EndedSession[]> {
    return this.database.write(markExpired, [now, this.idleSince(now), limit]);
  }

  /** Deletes at most `limit` ended rows whose session was over before the instant; returns how many. */
  async deleteDead(before: Date, limit: number): Promise<number> {
    return (await this.database.write(deleteDead, [before, limit])).length;
  }

  private valuesOf({ tenantId, provider = undefined, userId }: SessionFilter, now: Date): unknown[] {
    return [tenantId, now, this.idleSince(now), provider ?? null, userId ?? null];
  }

  private idleSince(now: Date): Date {
    return new Date(now.getTime() - this.idleMs);
  }
}

/** In the order of `INSERT`. */
function columnsFor(session: Session): unknown[] {
  const { id, tenantId, userId, familyId, refreshTokenHash } = session;
  const { deviceFingerprint, deviceLabel, ip, userAgent, authProvider, amr } = session;
  const { authenticatedAt, createdAt, lastActiveAt, expiresAt, previousSessionId } = session;
  return [
    ...[id, tenantId, userId, familyId, refreshTokenHash],
    ...[deviceFingerprint, deviceLabel, ip, userAgent, authProvider, amr],
    ...[authenticatedAt, createdAt, lastActiveAt, expiresAt, previousSessionId],
  ];
}

function listFor({ userId, provider }: SessionFilter) {
  if (userId !== undefined) return lists.user;
  return provider === undefined ? lists.tenant : lists.provider;
}
