import { Injectable } from '@nestjs/common';
import type { PermissionScope, TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, planned, refusing, statement } from '../../../kernel/database/index.js';
import { BindingExists, UnknownRole } from '../rbac.errors.js';
import { type BindingFilter, cappedCount, newestBindings } from './newest-bindings.js';
import { RoleBinding } from './role-binding.entity.js';

/** A binding with its role, as rules and the log need it. */
export interface NamedBinding extends Pick<
  RoleBinding,
  | 'id'
  | 'tenantId'
  | 'subjectKind'
  | 'subjectId'
  | 'roleId'
  | 'scopeKind'
  | 'scopeId'
  | 'effect'
  | 'expiresAt'
> {
  readonly role: string;
  readonly permissions: string[];
}

const NAMED = `b.id, b.tenant_id AS "tenantId", b.subject_kind AS "subjectKind", b.subject_id AS "subjectId",
  b.role_id AS "roleId", r.name AS role, r.permissions, b.scope_kind AS "scopeKind", b.scope_id AS "scopeId", b.effect,
  b.expires_at AS "expiresAt"`;
const WITH_ROLE = 'FROM role_bindings b JOIN roles r ON r.id = b.role_id';

const globalRolesOf = statement<{ userId: string; role: string }>(
  'role_bindings.global_roles_of',
  `SELECT b.subject_id AS "userId", r.name AS role ${WITH_ROLE}
   WHERE b.subject_kind = 'user' AND b.subject_id = ANY ($1) AND b.scope_kind = 'global' AND b.effect = 'allow'
     AND (b.expires_at IS NULL OR b.expires_at > $2)
   ORDER BY cardinality(r.permissions) DESC, r.name`,
);
const globalAllows = statement<NamedBinding>(
  'role_bindings.global_allows',
  `SELECT ${NAMED} ${WITH_ROLE}
   WHERE b.tenant_id = $1 AND b.subject_kind = 'user' AND b.subject_id = $2
     AND b.scope_kind = 'global' AND b.effect = 'allow'`,
);
const byId = statement<RoleBinding>(
  'role_bindings.by_id',
  `SELECT ${columnsOf(RoleBinding)} FROM role_bindings WHERE tenant_id = $1 AND id = $2`,
);
const named = statement<NamedBinding>(
  'role_bindings.named',
  `SELECT ${NAMED} ${WITH_ROLE} WHERE b.tenant_id = $1 AND b.id = $2`,
);
const ofSubject = statement<NamedBinding>(
  'role_bindings.of_subject',
  `SELECT ${NAMED} ${WITH_ROLE} WHERE b.subject_kind = $1 AND b.subject_id = $2 ORDER BY b.id`,
);
const atScope = statement<NamedBinding>(
  'role_bindings.at_scope',
  `SELECT ${NAMED} ${WITH_ROLE} WHERE b.tenant_id = $1 AND b.scope_kind = $2 AND b.scope_id = $3 ORDER BY b.id`,
);
const usesOfRole = statement<Pick<NamedBinding, 'scopeKind' | 'scopeId' | 'effect'>>(
  'role_bindings.uses_of_role',
  `SELECT DISTINCT scope_kind AS "scopeKind", scope_id AS "scopeId", effect FROM role_bindings
   WHERE role_id = $1 AND (expires_at IS NULL OR expires_at > $2)`,
);
const removeEnded = statement(
  'role_bindings.remove_ended_twin',
  `DELETE FROM role_bindings
   WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND role_id = $4 AND scope_kind = $5
     AND scope_id IS NOT DISTINCT FROM $6 AND effect = $7 AND expires_at <= $8`,
);
const remove = statement('role_bindings.remove', 'DELETE FROM role_bindings WHERE id = ANY ($1)');
const removeAllOf = statement<NamedBinding>(
  'role_bindings.remove_all_of',
  `DELETE FROM role_bindings b USING roles r
   WHERE r.id = b.role_id AND b.subject_kind = $1 AND b.subject_id = $2 RETURNING ${NAMED}`,
);
const sweepEnded = statement<NamedBinding>(
  'role_bindings.sweep_ended',
  `DELETE FROM role_bindings b USING roles r
   WHERE r.id = b.role_id AND b.id IN (
     SELECT id FROM role_bindings WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING ${NAMED}`,
);

@Injectable()
export class RoleBindingsRepository {
  constructor(private readonly database: Database) {}

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

  byId({ tenantId }: TenantScope, id: string): Promise<RoleBinding | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  named({ tenantId }: TenantScope, id: string): Promise<NamedBinding | null> {
    return this.database.readOne(named, [tenantId, id]);
  }

  ofSubject(kind: RoleBinding['subjectKind'], id: string): Promise<NamedBinding[]> {
    return this.database.read(ofSubject, [kind, id]);
  }

  atScope(tenantId: string, { kind, id }: PermissionScope): Promise<NamedBinding[]> {
    return this.database.read(atScope, [tenantId, kind, id]);
  }

  /** In which places the role is given or denied to anybody. */
  usesOfRole(roleId: string, now: Date): Promise<Pick<NamedBinding, 'scopeKind' | 'scopeId' | 'effect'>[]> {
    return this.database.read(usesOfRole, [roleId, now]);
  }

  /**
   * One that has ended gives way to its successor.
   *
   * @throws BindingExists; UnknownRole when the role was deleted meanwhile
   */
  async add(binding: RoleBinding, now: Date): Promise<void> {
    const { tenantId, subjectKind, subjectId, roleId, scopeKind, scopeId, effect } = binding;
    const values = [tenantId, subjectKind, subjectId, roleId, scopeKind, scopeId, effect, now];
    await this.database.write(removeEnded, values);
    await refusing(this.database.entities(RoleBinding).insert(binding), {
      uq_role_bindings: () => new BindingExists(),
      fk_role_bindings_role: () => new UnknownRole(roleId, '/roleId'),
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.database.write(remove, [ids]);
  }

  removeAllOf(kind: RoleBinding['subjectKind'], id: string): Promise<NamedBinding[]> {
    return this.database.write(removeAllOf, [kind, id]);
  }

  /** Removes at most `limit` bindings that ended before the instant. */
  sweepEnded(before: Date, limit: number): Promise<NamedBinding[]> {
    return this.database.write(sweepEnded, [before, limit]);
  }

  /** Newest first, those older than `before`. */
  page(
    { tenantId }: TenantScope,
    filter: BindingFilter,
    before: string | null,
    limit: number,
  ): Promise<RoleBinding[]> {
    const { text, values } = newestBindings(tenantId, filter, before, limit);
    return this.database.read(planned<RoleBinding>(text), values);
  }

  /** Counts no further than `limit`. */
  async count({ tenantId }: TenantScope, filter: BindingFilter, limit: number): Promise<number> {
    const { text, values } = cappedCount(tenantId, filter, limit);
    return (await this.database.readOne(planned<{ count: number }>(text), values))?.count ?? 0;
  }
}
