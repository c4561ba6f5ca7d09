import { Injectable } from '@nestjs/common';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { User } from './user.entity.js';
import { uniqueNames } from './user.errors.js';

/** Users are looked up within one tenant, always. */
export interface TenantScope {
  readonly tenantId: string;
}

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
const touchLogin = statement(
  'user_touch_login',
  'UPDATE users SET last_login_at = $2, password_hash = COALESCE($3, password_hash) WHERE id = $1',
);
const setPassword = statement(
  'user_set_password',
  `UPDATE users SET password_hash = $2, password_changed_at = $3, email_verified_at = COALESCE(email_verified_at, $4),
     updated_at = $3
   WHERE id = $1`,
);
const anyUser = statement<{ exists: boolean }>('user_any', 'SELECT EXISTS (SELECT FROM users) AS exists');
const insertIfFree = statement<{ id: string }>(
  'user_insert_if_free',
  `INSERT INTO users (id, tenant_id, username, username_key, email, email_key, password_hash, password_changed_at,
     created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8) ON CONFLICT DO NOTHING RETURNING id`,
);

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
   * Bookkeeping: neither the version nor `updatedAt` moves.
   *
   * @param renewedHash of the same password, when the stored one was made in an older way
   */
  async touchLogin(id: string, at: Date, renewedHash: string | null = null): Promise<void> {
    await this.database.write(touchLogin, [id, at, renewedHash]);
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
