import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { Database, statement } from '../../../kernel/database/index.js';
import type { ReachingRole } from './rights.js';
import type { RoleBinding } from './role-binding.entity.js';

interface ReachingRow extends ReachingRole {
  readonly isBaseline: boolean;
}

/** A binding with the name of its role, as the log tells about it. */
export interface NamedBinding {
  readonly id: string;
  readonly subjectKind: RoleBinding['subjectKind'];
  readonly subjectId: string;
  readonly role: string;
  readonly scopeKind: RoleBinding['scopeKind'];
  readonly scopeId: string | null;
  readonly effect: RoleBinding['effect'];
  readonly expiresAt: Date | null;
}

const NAMED = `b.id, b.subject_kind AS "subjectKind", b.subject_id AS "subjectId", r.name AS role,
  b.scope_kind AS "scopeKind", b.scope_id AS "scopeId", b.effect, b.expires_at AS "expiresAt"`;

const reaching = statement<ReachingRow>(
  'role_bindings.reaching',
  `SELECT r.name AS role, r.permissions, 'allow' AS effect, NULL::timestamptz AS "expiresAt", true AS "isBaseline"
   FROM roles r WHERE r.tenant_id = $1 AND r.name = 'member' AND r.is_built_in
   UNION ALL
   SELECT r.name, r.permissions, b.effect, b.expires_at, false
   FROM role_bindings b JOIN roles r ON r.id = b.role_id
   WHERE b.tenant_id = $1 AND b.subject_kind = $2 AND b.subject_id = $3 AND b.scope_kind = 'global'
     AND (b.expires_at IS NULL OR b.expires_at > $4)`,
);
const globalRolesOf = statement<{ userId: string; role: string }>(
  'role_bindings.global_roles_of',
  `SELECT b.subject_id AS "userId", r.name AS role
   FROM role_bindings b JOIN roles r ON r.id = b.role_id
   WHERE b.subject_kind = 'user' AND b.subject_id = ANY ($1) AND b.scope_kind = 'global' AND b.effect = 'allow'
     AND (b.expires_at IS NULL OR b.expires_at > $2)
   ORDER BY cardinality(r.permissions) DESC, r.name`,
);
const globalAllows = statement<NamedBinding>(
  'role_bindings.global_allows',
  `SELECT ${NAMED} FROM role_bindings b JOIN roles r ON r.id = b.role_id
   WHERE b.tenant_id = $1 AND b.subject_kind = 'user' AND b.subject_id = $2
     AND b.scope_kind = 'global' AND b.effect = 'allow'`,
);
const insert = statement(
  'role_bindings.insert_global_allow',
  `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, created_by, created_at)
   VALUES ($1, $2, 'user', $3, $4, $5, $6)`,
);
const remove = statement('role_bindings.remove', 'DELETE FROM role_bindings WHERE id = ANY ($1)');
const removeAllOf = statement<NamedBinding>(
  'role_bindings.remove_all_of',
  `DELETE FROM role_bindings b USING roles r
   WHERE r.id = b.role_id AND b.subject_kind = $1 AND b.subject_id = $2 RETURNING ${NAMED}`,
);
const ADMIN_FOR = `r.tenant_id = $1 AND r.name = 'admin' AND r.is_built_in
  AND b.subject_kind = 'user' AND b.scope_kind = 'global' AND b.effect = 'allow'`;
/** An admin on loan, one who has never set a password or one who is denied something cannot be relied on. */
const adminsLeft = statement<{ leaves: boolean; stays: boolean }>(
  'role_bindings.admins_left',
  `SELECT
     EXISTS (SELECT FROM role_bindings b JOIN roles r ON r.id = b.role_id
             WHERE ${ADMIN_FOR} AND b.subject_id = $2 AND (b.expires_at IS NULL OR b.expires_at > $3)) AS leaves,
     EXISTS (SELECT FROM role_bindings b JOIN roles r ON r.id = b.role_id JOIN users u ON u.id = b.subject_id
             WHERE ${ADMIN_FOR} AND b.subject_id <> $2 AND b.expires_at IS NULL
               AND u.is_active AND u.deleted_at IS NULL AND u.email_verified_at IS NOT NULL
               AND (u.password_hash IS NOT NULL OR u.oidc_sub IS NOT NULL)
               AND NOT EXISTS (SELECT FROM role_bindings d WHERE d.subject_kind = 'user' AND d.subject_id = b.subject_id
                                 AND d.scope_kind = 'global' AND d.effect = 'deny')) AS stays`,
);

@Injectable()
export class RoleBindingsRepository {
  constructor(private readonly database: Database) {}

  /** The baseline role (null when the tenant has no roles yet) and the global bindings that count at this instant. */
  async reaching(
    subject: Subject,
    now: Date,
  ): Promise<{ baseline: ReachingRole | null; bound: ReachingRole[] }> {
    const rows = await this.database.read(reaching, [subject.tenantId, subject.kind, subject.id, now]);
    return {
      baseline: rows.find(({ isBaseline }) => isBaseline) ?? null,
      bound: rows.filter(({ isBaseline }) => !isBaseline),
    };
  }

  /** Role names by user, the one with the most permissions first. */
  async globalRolesOf(userIds: readonly string[], now: Date): Promise<Map<string, string[]>> {
    const roles = new Map<string, string[]>(userIds.map((id) => [id, []]));
    for (const { userId, role } of await this.database.read(globalRolesOf, [userIds, now]))
      roles.get(userId)?.push(role);
    return roles;
  }

  /** Expired ones too: they stand in the way of a new binding to the same role. */
  globalAllowsOf(tenantId: string, userId: string): Promise<NamedBinding[]> {
    return this.database.read(globalAllows, [tenantId, userId]);
  }

  async addGlobalAllow(
    binding: Pick<RoleBinding, 'id' | 'tenantId' | 'subjectId' | 'roleId' | 'createdBy' | 'createdAt'>,
  ) {
    const { id, tenantId, subjectId, roleId, createdBy, createdAt } = binding;
    await this.database.write(insert, [id, tenantId, subjectId, roleId, createdBy, createdAt]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.database.write(remove, [ids]);
  }

  removeAllOf(kind: 'user' | 'service', id: string): Promise<NamedBinding[]> {
    return this.database.write(removeAllOf, [kind, id]);
  }

  /** Whether the user is an admin now, and whether another one who can sign in stays for good. */
  async adminsLeft(
    tenantId: string,
    leavingUserId: string,
    now: Date,
  ): Promise<{ leaves: boolean; stays: boolean }> {
    const row = await this.database.readOne(adminsLeft, [tenantId, leavingUserId, now]);
    if (row === null) throw new Error('EXISTS always answers.');
    return row;
  }
}
