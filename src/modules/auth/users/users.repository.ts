import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { User } from './user.entity.js';
import { uniqueNames } from './user.errors.js';

export interface UserFilter {
  /** Canonical form of a name or address. */
  readonly login?: string;
  readonly isActive?: boolean;
  /** Only the deleted ones instead of only the others. */
  readonly deleted?: boolean;
}

const COLUMNS = columnsOf(User);
const LIVE = `SELECT ${COLUMNS} FROM users WHERE tenant_id = $1 AND deleted_at IS NULL`;

// A canonical name holds no @ and a canonical address one, so at most one user answers to a login.
const byLogin = statement<User>('user_by_login', `${LIVE} AND (username_key = $2 OR email_key = $2) LIMIT 1`);
const byId = statement<User>('user_by_id', `${LIVE} AND id = $2`);
const byIdEvenDeleted = statement<User>(
  'user_by_id_even_deleted',
  `SELECT ${COLUMNS} FROM users WHERE tenant_id = $1 AND id = $2`,
);
// NO KEY: sessions that refer to the row may be written meanwhile.
const lockForLogin = statement<User>(
  'user_lock_for_login',
  `SELECT ${COLUMNS} FROM users WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE`,
);
const lockForChange = statement<User>(
  'user_lock_for_change',
  `SELECT ${COLUMNS} FROM users WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`,
);
const signIn = statement<User>(
  'user_sign_in',
  `${signingIn({ id: '$1', passwordChangedAt: '$2', passwordHash: '$3', newHash: '$4', at: '$5' })} RETURNING ${COLUMNS}`,
);
const setPassword = statement(
  'user_set_password',
  `UPDATE users SET password_hash = $2, password_changed_at = $3, email_verified_at = COALESCE(email_verified_at, $4),
     updated_at = $3
   WHERE id = $1`,
);
// Whoever an administrator made is theirs to remove; whoever registered has a password and no maker.
const removeUnverified = statement<Pick<User, 'id' | 'tenantId'>>(
  'user_remove_unverified',
  `DELETE FROM users WHERE id IN (
     SELECT u.id FROM users u
     WHERE u.email_verified_at IS NULL AND u.deleted_at IS NULL AND u.created_at < $1 AND u.last_login_at IS NULL
       AND u.created_by IS NULL AND u.password_hash IS NOT NULL AND u.oidc_sub IS NULL
       AND NOT EXISTS (
         SELECT FROM one_time_tokens t WHERE t.subject_id = u.id AND t.used_at IS NULL AND t.expires_at > $2
       )
     ORDER BY u.created_at LIMIT $3 FOR UPDATE SKIP LOCKED
   ) RETURNING id, tenant_id AS "tenantId"`,
);
// The beginning of a hash, up to the salt, says how it was made: `$2b$12` or `$argon2id$v=19$m=47104,t=1,p=1`.
const oneHashOfEachKind = statement<{ hash: string }>(
  'user_one_hash_of_each_kind',
  `SELECT min(password_hash) AS hash FROM users WHERE deleted_at IS NULL AND password_hash IS NOT NULL
   GROUP BY substring(password_hash from '^[$]2[aby][$][0-9]{2}|^[$][^$]+[$][^$]+[$][^$]+')`,
);
const anyUser = statement<{ exists: boolean }>('user_any', 'SELECT EXISTS (SELECT FROM users) AS exists');
const insertIfFree = statement<{ id: string }>(
  'user_insert_if_free',
  `INSERT INTO users (id, tenant_id, username, username_key, email, email_key, password_hash, password_changed_at,
     created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8) ON CONFLICT DO NOTHING RETURNING id`,
);

type SignInValue = 'id' | 'passwordChangedAt' | 'passwordHash' | 'newHash' | 'at';

/**
 * Writes the login, and asks again, of the row as it is when its turn has come, what was asked before the password was
 * checked.
 *
 * @param parameter where each value stands
 */
export function signingIn(parameter: Readonly<Record<SignInValue, string>>): string {
  const { id, passwordChangedAt, passwordHash, newHash, at } = parameter;
  return `UPDATE users
   SET last_login_at = ${at},
     password_hash = CASE WHEN password_hash = ${passwordHash} THEN coalesce(${newHash}, password_hash) ELSE password_hash END
   WHERE id = ${id} AND password_hash IS NOT NULL AND password_changed_at IS NOT DISTINCT FROM ${passwordChangedAt}
     AND is_active AND email_verified_at IS NOT NULL AND deleted_at IS NULL`;
}

/** Users are looked up within one tenant, always. */
@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** The user, not deleted, whose name or address has this canonical form (`canonicalLogin`). */
  byLogin(tenantId: string, canonicalLogin: string): Promise<User | null> {
    return this.database.readOne(byLogin, [tenantId, canonicalLogin]);
  }

  byId(id: string, scope: TenantScope): Promise<User | null> {
    return this.database.readOne(byId, [scope.tenantId, id]);
  }

  byIdEvenDeleted(id: string, scope: TenantScope): Promise<User | null> {
    return this.database.readOne(byIdEvenDeleted, [scope.tenantId, id]);
  }

  /** The row as it is now, held until the transaction ends: what starts or caps sessions of one user queues here. */
  lockForLogin(id: string): Promise<User | null> {
    return this.database.writeOne(lockForLogin, [id]);
  }

  /** The row, deleted or not, held until the transaction ends, so that a version can be compared and then written. */
  lockForChange(id: string, scope: TenantScope): Promise<User | null> {
    return this.database.writeOne(lockForChange, [scope.tenantId, id]);
  }

  /**
   * The time of a login whose password matched, with the row held like `lockForLogin`. Bookkeeping: neither the version
   * nor `updatedAt` moves. Null when the user may not sign
   * in, or no longer with that password. Another hash of the same password, which a sign-in at the same time stored, is
   * no change of it.
   *
   * @param proven the user as they were when the password was checked
   * @param renewedHash of the same password, when the stored one was made in an older way
   */
  signIn(proven: User, renewedHash: string | null, at: Date): Promise<User | null> {
    const { id, passwordChangedAt, passwordHash } = proven;
    return this.database.writeOne(signIn, [id, passwordChangedAt, passwordHash, renewedHash, at]);
  }

  /** No new version: the password is no part of the user that others see and change. */
  async setPassword(
    id: string,
    passwordHash: string,
    at: Date,
    emailVerifiedAt: Date | null = null,
  ): Promise<void> {
    await this.database.write(setPassword, [id, passwordHash, at, emailVerifiedAt]);
  }

  /** @throws UsernameTaken, EmailTaken */
  async add(user: NewUser): Promise<void> {
    await refusing(this.database.entities(User).insert(user), uniqueNames);
  }

  /** False when the name or the address is taken; nothing has failed then and the transaction goes on. */
  async addIfFree(user: NewUser & { passwordHash: string }, at: Date): Promise<boolean> {
    const { id, tenantId, username, usernameKey, email, emailKey, passwordHash } = user;
    const values = [id, tenantId, username, usernameKey, email, emailKey, passwordHash, at];
    return (await this.database.write(insertIfFree, values)).length === 1;
  }

  /** @throws UsernameTaken, EmailTaken */
  async update(id: string, change: Partial<User>): Promise<void> {
    await refusing(this.database.entities(User).update({ id }, change), uniqueNames);
  }

  /** One stored hash of each algorithm and cost in use. */
  async oneHashOfEachKind(): Promise<string[]> {
    return (await this.database.read(oneHashOfEachKind)).map(({ hash }) => hash);
  }

  /** Removes at most `limit` people who registered before the instant, never confirmed it, and cannot any more. */
  removeUnverified(before: Date, now: Date, limit: number): Promise<Pick<User, 'id' | 'tenantId'>[]> {
    return this.database.write(removeUnverified, [before, now, limit]);
  }

  /** Newest first, those older than `before`. */
  page(scope: TenantScope, filter: UserFilter, before: string | null, limit: number): Promise<User[]> {
    const query = this.filtered(scope, filter).orderBy('user.id', 'DESC').limit(limit);
    if (before !== null) query.andWhere('user.id < :before', { before });
    return query.getMany();
  }

  /** Counts no further than `limit`. */
  async count(scope: TenantScope, filter: UserFilter, limit: number): Promise<number> {
    const found = await this.filtered(scope, filter).select('user.id').limit(limit).getRawMany();
    return found.length;
  }

  /** Deleted ones count as well: a fresh install is one that never had a user. */
  async isEmpty(): Promise<boolean> {
    return (await this.database.readOne(anyUser))?.exists === false;
  }

  private filtered(scope: TenantScope, { login, isActive, deleted }: UserFilter) {
    const query = this.database
      .reading(User)
      .createQueryBuilder('user')
      .where('user.tenantId = :tenantId', { tenantId: scope.tenantId })
      .andWhere(deleted === true ? 'user.deletedAt IS NOT NULL' : 'user.deletedAt IS NULL');
    if (isActive !== undefined) query.andWhere('user.isActive = :isActive', { isActive });
    if (login !== undefined)
      query.andWhere('(user.usernameKey = :login OR user.emailKey = :login)', { login });
    return query;
  }
}

export type NewUser = Pick<User, 'id' | 'tenantId' | 'username' | 'usernameKey' | 'email' | 'emailKey'> &
  Partial<User>;
