import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { LAST_ID } from '../../../kernel/runtime/index.js';
import { ApiKey, type KeyOwnerKind } from './api-key.entity.js';

export interface KeyOwner {
  readonly kind: KeyOwnerKind;
  readonly id: string;
  readonly tenantId: string;
}

/** A key together with the state of its owner and tenant, as of one instant. */
export interface KeyInUse extends ApiKey {
  readonly ownerName: string;
  /** Owner and tenant are there and active. */
  readonly isOwnerActive: boolean;
}

const COLUMNS = columnsOf(ApiKey);

const holdActiveUser = statement<{ id: string }>(
  'api_key_hold_user',
  'SELECT id FROM users WHERE id = $1 AND is_active AND deleted_at IS NULL FOR NO KEY UPDATE',
);
const insert = statement(
  'api_key_insert',
  `INSERT INTO api_keys (id, tenant_id, owner_kind, owner_id, name, key_prefix, key_hash, scopes, allowed_cidrs, created_by,
     created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);
const inUse = statement<KeyInUse>(
  'api_key_in_use',
  `SELECT ${columnsOf(ApiKey, 'k')}, coalesce(u.username, s.name) AS "ownerName",
     coalesce(t.is_active AND (u.is_active OR s.is_active), false) AS "isOwnerActive"
   FROM api_keys k
   JOIN tenants t ON t.id = k.tenant_id
   LEFT JOIN users u ON k.owner_kind = 'user' AND u.id = k.owner_id AND u.deleted_at IS NULL
   LEFT JOIN service_principals s ON k.owner_kind = 'service' AND s.id = k.owner_id
   WHERE k.key_hash = $1`,
);
const OF_OWNER = 'tenant_id = $1 AND owner_kind = $2 AND owner_id = $3';
const byId = statement<ApiKey>(
  'api_key_by_id',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${OF_OWNER} AND id = $4`,
);
const lock = statement<ApiKey>(
  'api_key_lock',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${OF_OWNER} AND id = $4 FOR UPDATE`,
);
const page = statement<ApiKey>(
  'api_key_page',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${OF_OWNER} AND id < $4 ORDER BY id DESC LIMIT $5`,
);
const count = statement<{ count: number }>(
  'api_key_count',
  `SELECT count(*)::integer AS count FROM (SELECT FROM api_keys WHERE ${OF_OWNER} LIMIT $4) AS counted`,
);
const replace = statement(
  'api_key_replace',
  'UPDATE api_keys SET replaced_by_id = $2, expires_at = $3 WHERE id = $1',
);
const revoke = statement('api_key_revoke', 'UPDATE api_keys SET revoked_at = $2 WHERE id = $1');
const revokeAll = statement<{ id: string }>(
  'api_key_revoke_all',
  `UPDATE api_keys SET revoked_at = $4 WHERE ${OF_OWNER} AND revoked_at IS NULL RETURNING id`,
);
const deleteAll = statement<{ id: string; wasLive: boolean }>(
  'api_key_delete_all',
  `DELETE FROM api_keys WHERE ${OF_OWNER} RETURNING id, revoked_at IS NULL AS "wasLive"`,
);
// Another replica may have written within the minute; locked in one order, so that two of these cannot deadlock.
const touch = statement(
  'api_key_touch',
  `UPDATE api_keys k SET last_used_at = v.used_at
   FROM (
     SELECT k.id, u.used_at FROM api_keys k JOIN unnest($1::uuid[], $2::timestamptz[]) AS u (id, used_at) ON u.id = k.id
     WHERE k.last_used_at IS NULL OR k.last_used_at <= u.used_at - interval '1 minute'
     ORDER BY k.id FOR NO KEY UPDATE OF k
   ) AS v
   WHERE k.id = v.id`,
);

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  /** The row of an owner, held until the transaction ends; whether the user is there and active. */
  async holdActiveUser(id: string): Promise<boolean> {
    return (await this.database.writeOne(holdActiveUser, [id])) !== null;
  }

  async add(key: ApiKey): Promise<void> {
    const { id, tenantId, ownerKind, ownerId, name, keyPrefix, keyHash, scopes, allowedCidrs, createdBy } =
      key;
    const values = [
      id,
      tenantId,
      ownerKind,
      ownerId,
      name,
      keyPrefix,
      keyHash,
      scopes,
      allowedCidrs,
      createdBy,
    ];
    await this.database.write(insert, [...values, key.createdAt, key.expiresAt]);
  }

  inUse(keyHash: string): Promise<KeyInUse | null> {
    return this.database.readOne(inUse, [keyHash]);
  }

  byId(id: string, owner: KeyOwner): Promise<ApiKey | null> {
    return this.database.readOne(byId, [...ofOwner(owner), id]);
  }

  /** The row, held until the transaction ends. */
  lock(id: string, owner: KeyOwner): Promise<ApiKey | null> {
    return this.database.writeOne(lock, [...ofOwner(owner), id]);
  }

  /** Newest first, those older than `before`. */
  page(owner: KeyOwner, before: string | null, limit: number): Promise<ApiKey[]> {
    return this.database.read(page, [...ofOwner(owner), before ?? LAST_ID, limit]);
  }

  async count(owner: KeyOwner, limit: number): Promise<number> {
    return (await this.database.readOne(count, [...ofOwner(owner), limit]))?.count ?? 0;
  }

  async replace(id: string, replacedById: string, expiresAt: Date): Promise<void> {
    await this.database.write(replace, [id, replacedById, expiresAt]);
  }

  async revoke(id: string, at: Date): Promise<void> {
    await this.database.write(revoke, [id, at]);
  }

  /** The ids of those that were not revoked before. */
  async revokeAll(owner: KeyOwner, at: Date): Promise<string[]> {
    return (await this.database.write(revokeAll, [...ofOwner(owner), at])).map(({ id }) => id);
  }

  /** Removes the rows; returns the ids of those that were not revoked before. */
  async deleteAll(owner: KeyOwner): Promise<string[]> {
    const deleted = await this.database.write(deleteAll, ofOwner(owner));
    return deleted.filter(({ wasLive }) => wasLive).map(({ id }) => id);
  }

  /** Bookkeeping for many keys at once; those written less than a minute before their use are left alone. */
  async touch(uses: ReadonlyMap<string, Date>): Promise<void> {
    await this.database.write(touch, [[...uses.keys()], [...uses.values()]]);
  }
}

function ofOwner({ tenantId, kind, id }: KeyOwner): [string, string, string] {
  return [tenantId, kind, id];
}
