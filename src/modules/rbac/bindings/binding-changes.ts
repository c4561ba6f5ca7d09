import { Injectable } from '@nestjs/common';
import { PermissionSet, ScopeValidators } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, ValidationFailed } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { GroupsRepository } from '../groups/groups.repository.js';
import { Consequences, placeOf } from '../grants/consequences.js';
import { GrantRules } from '../grants/grant-rules.js';
import { OwnRights } from '../grants/own-rights.js';
import { UnknownRole, UnknownScope, UnknownSubject } from '../rbac.errors.js';
import { RoleBound } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import type { Role } from '../roles/role.entity.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { detailOf, unbound } from './binding-facts.js';
import { LastAdminGuard } from './last-admin-guard.js';
import { type CreateBinding, RoleBindingView } from './role-binding.dto.js';
import type { RoleBinding } from './role-binding.entity.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';
import { SubjectsRepository } from './subjects.repository.js';

/** Giving roles to users, services and groups, denying them, and ending either. */
@Injectable()
export class BindingChanges {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly roles: RolesRepository,
    private readonly groups: GroupsRepository,
    private readonly subjects: SubjectsRepository,
    private readonly scopes: ScopeValidators,
    private readonly tenants: Tenants,
    private readonly lastAdmin: LastAdminGuard,
    private readonly rules: GrantRules,
    private readonly own: OwnRights,
    private readonly consequences: Consequences,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * @throws UnknownSubject, UnknownRole, UnknownScope, OwnRoles, GrantExceedsOwn, StepUpRequired, ExpiryWouldWiden,
   *   BindingExists, LastAdmin when a denial would leave nobody, ValidationFailed when it would have ended already
   */
  @Transactional()
  async create(wish: CreateBinding, caller: Principal): Promise<RoleBindingView> {
    const binding = this.bindingFor(wish, caller);
    const role = await this.hold(binding, caller);
    const actor = await this.rules.asOfNow(caller, rbacPermissions['role.bind']);
    await this.own.requireOthers(actor, binding.subjectKind, binding.subjectId);
    if (binding.effect === 'allow')
      this.rules.requireMayGive(actor, role.name, PermissionSet.of(role.permissions), placeOf(binding));
    await this.lastAdmin.during(actor.tenantId, () => this.bindings.add(binding, this.clock.now()));
    if (binding.expiresAt !== null) {
      const { name, permissions } = role;
      await this.consequences.requireHarmlessEnd({ ...binding, role: name, permissions });
    }
    const expiresAt = binding.expiresAt?.toISOString() ?? null;
    const detail = { ...detailOf({ ...binding, role: role.name }), expiresAt };
    await this.events.record(new RoleBound({ resourceId: binding.id, detail }));
    await this.feed.announce(binding.subjectKind, binding.subjectId);
    return RoleBindingView.from(binding);
  }

  /** @throws NotFound, OwnRoles, GrantExceedsOwn, LastAdmin */
  @Transactional()
  async delete(id: string, caller: Principal): Promise<void> {
    await this.lastAdmin.during(caller.tenantId, async () => {
      const actor = await this.rules.asOfNow(caller, rbacPermissions['role.bind']);
      const binding = await this.bindings.named(actor, id);
      if (binding === null) throw new NotFound();
      await this.own.requireOthers(actor, binding.subjectKind, binding.subjectId);
      await this.consequences.requireMayEnd(actor, [binding]);
      await this.bindings.remove([id]);
      await this.events.record(unbound(binding));
      await this.feed.announce(binding.subjectKind, binding.subjectId);
    });
  }

  private bindingFor(wish: CreateBinding, actor: Principal): RoleBinding {
    const { subjectKind, subjectId, roleId, scopeKind = 'global', scopeId = null, effect = 'allow' } = wish;
    if ((scopeKind === 'global') !== (scopeId === null)) throw invalid('scopeId', 'scope', SCOPE_RULE);
    const now = this.clock.now();
    const expiresAt = wish.expiresAt == null ? null : new Date(wish.expiresAt);
    if (expiresAt !== null && expiresAt <= now)
      throw invalid('expiresAt', 'future', 'expiresAt must be in the future.');
    return {
      id: this.ids.next(),
      tenantId: actor.tenantId,
      subjectKind,
      subjectId,
      roleId,
      scopeKind,
      scopeId,
      effect,
      createdBy: actor.id,
      createdAt: now,
      expiresAt,
    };
  }

  /** Everything that the binding refers to, so that none of it goes away meanwhile. */
  private async hold(binding: RoleBinding, actor: Principal): Promise<Role> {
    const { subjectKind: kind, subjectId: id, tenantId } = binding;
    // Before the tenant, as those do who delete users and services: two who wait for each other get nowhere.
    const isThere = kind !== 'group' && (await this.subjects.hold({ kind, id, tenantId }));
    await this.tenants.lock(tenantId);
    if (!isThere && (kind !== 'group' || (await this.groups.byId(actor, id)) === null))
      throw new UnknownSubject(kind, '/subjectId');
    const role = await this.roles.byId(actor, binding.roleId);
    if (role === null) throw new UnknownRole(binding.roleId, '/roleId');
    const scope = placeOf(binding);
    if (scope !== null && !(await this.scopes.exists(scope, tenantId))) throw new UnknownScope(scope.kind);
    return role;
  }
}

const SCOPE_RULE = 'scopeId names the gateway or department, and is left out when the scope is global.';

function invalid(field: string, code: string, message: string): ValidationFailed {
  return new ValidationFailed([{ in: 'body', pointer: `/${field}`, code, message }]);
}
