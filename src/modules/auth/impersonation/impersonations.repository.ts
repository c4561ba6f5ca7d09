import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { TOTAL_CAP } from '../../../kernel/http/index.js';
import { LAST_ID } from '../../../kernel/runtime/index.js';
import { Impersonation, type ImpersonationEnd } from './impersonation.entity.js';

/** What a request with the token of an impersonation depends on. */
export interface ImpersonationState {
  readonly id: string;
  readonly tenantId: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly actorFamilyId: string;
  readonly userId: string;
  readonly username: string;
  readonly expiresAt: Date;
  /** Of the session of who acts. */
  readonly lastActiveAt: Date;
  readonly sessionExpiresAt: Date;
}

/** What is undefined does not narrow the list. */
export interface ImpersonationFilter {
  readonly userId?: string;
  readonly actorId?: string;
}

const COLUMNS = columnsOf(Impersonation);

const holdPeople = statement(
  'impersonation_hold_people',
  'SELECT id FROM users WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) FOR SHARE',
);
const insert = statement(
  'impersonation_insert',
  `INSERT INTO impersonations (id, tenant_id, actor_id, actor_name, actor_family_id, user_id, user_name, reason, created_at,
     expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const byId = statement<Impersonation>(
  'impersonation_by_id',
  `SELECT ${COLUMNS} FROM impersonations WHERE tenant_id = $1 AND id = $2`,
);
// A terminal flag is a right, too, but no permission that could be intersected: who has none acts as nobody who has one.
const stateOf = statement<ImpersonationState>(
  'impersonation_state',
  `SELECT i.id, i.tenant_id AS "tenantId", i.actor_id AS "actorId", a.username AS "actorName",
     i.actor_family_id AS "actorFamilyId", i.user_id AS "userId", u.username, i.expires_at AS "expiresAt",
     live.last_active_at AS "lastActiveAt", live.expires_at AS "sessionExpiresAt"
   FROM impersonations i
   JOIN auth_sessions live ON live.family_id = i.actor_family_id AND NOT live.revoked
   JOIN users a ON a.id = i.actor_id AND a.is_active AND a.deleted_at IS NULL
   JOIN users u ON u.id = i.user_id AND u.is_active AND u.deleted_at IS NULL
     AND u.is_terminal_authorized <= a.is_terminal_authorized
     AND u.is_server_terminal_authorized <= a.is_server_terminal_authorized
   JOIN tenants t ON t.id = i.tenant_id AND t.is_active
   WHERE i.id = $1 AND i.ended_at IS NULL`,
);
const END = 'UPDATE impersonations SET ended_at = $2, ended_reason = $3';
// What has run out already is left to the sweep, which says so.
const LIVE = 'ended_at IS NULL AND expires_at > $2';
const endOne = statement<Impersonation>(
  'impersonation_end_one',
  `${END} WHERE id = $1 AND ${LIVE} RETURNING ${COLUMNS}`,
);
const endOfSession = statement<Impersonation>(
  'impersonation_end_of_session',
  `${END} WHERE actor_family_id = $1 AND ${LIVE} RETURNING ${COLUMNS}`,
);
const endOfUser = statement<Impersonation>(
  'impersonation_end_of_user',
  `${END} WHERE (user_id = $1 OR actor_id = $1) AND ${LIVE} RETURNING ${COLUMNS}`,
);
const newestOfSession = statement<Impersonation>(
  'impersonation_newest_of_session',
  `SELECT ${COLUMNS} FROM impersonations WHERE actor_family_id = $1 AND ${LIVE} ORDER BY id DESC LIMIT 1`,
);
const endExpired = statement<Impersonation>(
  'impersonation_end_expired',
  `UPDATE impersonations SET ended_at = expires_at, ended_reason = 'expired' WHERE id IN (
     SELECT id FROM impersonations WHERE ended_at IS NULL AND expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING ${COLUMNS}`,
);
const live = statement<{ id: string }>(
  'impersonation_live',
  'SELECT id FROM impersonations WHERE ended_at IS NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2',
);

/** The lists have a statement each, so that each is planned for its own index. */
const lists = {
  all: listStatements('all', 'tenant_id = $1 AND $2::uuid IS NULL AND $3::uuid IS NULL'),
  user: listStatements('user', 'user_id = $2 AND tenant_id = $1 AND ($3::uuid IS NULL OR actor_id = $3)'),
  actor: listStatements('actor', 'actor_id = $3 AND tenant_id = $1 AND $2::uuid IS NULL'),
};

function listStatements(name: string, condition: string) {
  return {
    page: statement<Impersonation>(
      `impersonation_page_${name}`,
      `SELECT ${COLUMNS} FROM impersonations WHERE ${condition} AND id < $4 ORDER BY id DESC LIMIT $5`,
    ),
    count: statement<{ count: number }>(
      `impersonation_count_${name}`,
      `SELECT count(*)::integer AS count
       FROM (SELECT FROM impersonations WHERE ${condition} LIMIT ${TOTAL_CAP + 1}) AS counted`,
    ),
  };
}

@Injectable()
export class ImpersonationsRepository {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody disables or deletes them, or ends a session of theirs. */
  async holdPeople(ids: readonly string[], { tenantId }: TenantScope): Promise<void> {
    await this.database.write(holdPeople, [tenantId, ids]);
  }

  async add(row: Impersonation): Promise<void> {
    const { id, tenantId, actorId, actorName, actorFamilyId, userId, userName, reason } = row;
    const values = [id, tenantId, actorId, actorName, actorFamilyId, userId, userName, reason];
    await this.database.write(insert, [...values, row.createdAt, row.expiresAt]);
  }

  byId(id: string, { tenantId }: TenantScope): Promise<Impersonation | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  newestOfSession(familyId: string, now: Date): Promise<Impersonation | null> {
    return this.database.readOne(newestOfSession, [familyId, now]);
  }

  /**
   * Null when it has been ended, or the session or one of the people behind it is not alive. Whether it has expired and
   * what rights are left is for the caller to see.
   */
  stateOf(id: string): Promise<ImpersonationState | null> {
    return this.database.readOne(stateOf, [id]);
  }

  end(id: string, how: ImpersonationEnd, now: Date): Promise<Impersonation[]> {
    return this.database.write(endOne, [id, now, how]);
  }

  endOfSession(familyId: string, how: ImpersonationEnd, now: Date): Promise<Impersonation[]> {
    return this.database.write(endOfSession, [familyId, now, how]);
  }

  /** Those in which the user acts, and those in which somebody acts as the user. */
  endOfUser(userId: string, how: ImpersonationEnd, now: Date): Promise<Impersonation[]> {
    return this.database.write(endOfUser, [userId, now, how]);
  }

  endExpired(now: Date, limit: number): Promise<Impersonation[]> {
    return this.database.write(endExpired, [now, limit]);
  }

  /** Ids of those that nobody has ended, at most `limit`, those after the position. */
  async live(after: string | null, limit: number): Promise<string[]> {
    return (await this.database.read(live, [after, limit])).map(({ id }) => id);
  }

  /** Newest first, at most `limit + 1`, those older than `before`. */
  page(
    { tenantId }: TenantScope,
    filter: ImpersonationFilter,
    before: string | null,
    limit: number,
  ): Promise<Impersonation[]> {
    const values = [tenantId, filter.userId ?? null, filter.actorId ?? null, before ?? LAST_ID, limit + 1];
    return this.database.read(listFor(filter).page, values);
  }

  /** Counts up to `TOTAL_CAP + 1`. */
  async count({ tenantId }: TenantScope, filter: ImpersonationFilter): Promise<number> {
    const values = [tenantId, filter.userId ?? null, filter.actorId ?? null];
    return (await this.database.readOne(listFor(filter).count, values))?.count ?? 0;
  }
}

function listFor({ userId, actorId }: ImpersonationFilter) {
  if (userId !== undefined) return lists.user;
  return actorId === undefined ? lists.all : lists.actor;
}
