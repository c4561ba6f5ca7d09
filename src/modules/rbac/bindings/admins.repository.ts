import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

const ADMIN = `r.tenant_id = $1 AND r.name = 'admin' AND r.is_built_in AND b.scope_kind = 'global' AND b.effect = 'allow'`;
/** Users only: a service cannot sign in to put things right. */
const ADMINS = `(
  SELECT b.subject_id AS user_id, b.expires_at FROM role_bindings b JOIN roles r ON r.id = b.role_id
  WHERE ${ADMIN} AND b.subject_kind = 'user'
  UNION ALL
  SELECT m.principal_id, b.expires_at FROM role_bindings b JOIN roles r ON r.id = b.role_id
    JOIN group_members m ON m.group_id = b.subject_id AND m.principal_kind = 'user'
  WHERE ${ADMIN} AND b.subject_kind = 'group'
) AS a`;
const CAN_SIGN_IN = `u.is_active AND u.deleted_at IS NULL AND u.email_verified_at IS NOT NULL
  AND (u.password_hash IS NOT NULL OR u.oidc_sub IS NOT NULL)`;
const IS_DENIED = `EXISTS (
  SELECT FROM role_bindings d
  WHERE d.scope_kind = 'global' AND d.effect = 'deny'
    AND (d.subject_kind = 'user' AND d.subject_id = a.user_id
      OR d.subject_kind = 'group' AND d.subject_id IN (
        SELECT group_id FROM group_members WHERE principal_kind = 'user' AND principal_id = a.user_id)))`;
/** An admin on loan, one who has never set a password or one who is denied something cannot be relied on. */
const RELIABLE = `a.expires_at IS NULL AND ${CAN_SIGN_IN} AND NOT ${IS_DENIED}`;
const adminsLeft = statement<{ leaves: boolean; stays: boolean }>(
  'admins.left',
  `SELECT
     EXISTS (SELECT FROM ${ADMINS} WHERE a.user_id = $2 AND (a.expires_at IS NULL OR a.expires_at > $3)) AS leaves,
     EXISTS (SELECT FROM ${ADMINS} JOIN users u ON u.id = a.user_id WHERE a.user_id <> $2 AND ${RELIABLE}) AS stays`,
);
const present = statement<{ reliable: boolean; any: boolean }>(
  'admins.present',
  `SELECT EXISTS (SELECT FROM ${ADMINS} JOIN users u ON u.id = a.user_id WHERE ${RELIABLE}) AS reliable,
     EXISTS (SELECT FROM ${ADMINS} JOIN users u ON u.id = a.user_id
             WHERE (a.expires_at IS NULL OR a.expires_at > $2) AND ${CAN_SIGN_IN}) AS any`,
);

/** Who can administer a tenant: everybody who has the role admin everywhere, themselves or through a group. */
@Injectable()
export class AdminsRepository {
  constructor(private readonly database: Database) {}

  /** Whether the user is an admin now, and whether another one who can sign in stays for good. */
  async left(
    tenantId: string,
    leavingUserId: string,
    now: Date,
  ): Promise<{ leaves: boolean; stays: boolean }> {
    return answered(await this.database.readOne(adminsLeft, [tenantId, leavingUserId, now]));
  }

  /** Whether there is one who can be relied on, and whether there is one at all. */
  async present(tenantId: string, now: Date): Promise<{ reliable: boolean; any: boolean }> {
    return answered(await this.database.readOne(present, [tenantId, now]));
  }
}

function answered<Row>(row: Row | null): Row {
  if (row === null) throw new Error('EXISTS always answers.');
  return row;
}
