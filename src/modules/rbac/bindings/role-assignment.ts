import { Injectable } from '@nestjs/common';
import { PermissionSet } from '../../../kernel/access/index.js';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { currentOperation, type Principal } from '../../../kernel/operation/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { GrantRules } from '../grants/grant-rules.js';
import { OwnRights } from '../grants/own-rights.js';
import { UnknownRole } from '../rbac.errors.js';
import { RoleBound } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { isLive } from '../resolution/reach.js';
import type { Role } from '../roles/role.entity.js';
import { isBaseline, RolesRepository } from '../roles/roles.repository.js';
import { detailOf, unbound } from './binding-facts.js';
import { LastAdminGuard } from './last-admin-guard.js';
import { type NamedBinding, RoleBindingsRepository } from './role-bindings.repository.js';

interface Change {
  readonly granted: readonly Role[];
  readonly ended: readonly NamedBinding[];
  /** Gone by the clock already; only their rows are left. */
  readonly expired: readonly NamedBinding[];
}

/** Replaces the roles that a user has everywhere. */
@Injectable()
export class RoleAssignment {
  constructor(
    private readonly tenants: Tenants,
    private readonly roles: RolesRepository,
    private readonly bindings: RoleBindingsRepository,
    private readonly lastAdmin: LastAdminGuard,
    private readonly rules: GrantRules,
    private readonly own: OwnRights,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async assign(userId: string, roleNames: readonly string[]): Promise<void> {
    const caller = whoAssigns();
    const { tenantId } = caller;
    // Changes to who administers a tenant, and to what roles contain, come one after the other.
    await this.tenants.lock(tenantId);
    const wanted = await this.named(tenantId, roleNames);
    const change = await this.changeFor(tenantId, userId, wanted);
    if (change.granted.length === 0 && change.ended.length === 0) return;
    await this.refuseUnlessAllowed(caller, userId, change);
    await this.lastAdmin.during(tenantId, () => this.write(caller, userId, change));
  }

  private async named(tenantId: string, names: readonly string[]): Promise<Role[]> {
    const found = new Map((await this.roles.byNames(tenantId, names)).map((role) => [role.name, role]));
    names.forEach((name, index) => {
      if (!found.has(name)) throw new UnknownRole(name, `/roles/${index}`);
    });
    return [...found.values()].filter((role) => !isBaseline(role.name));
  }

  private async changeFor(tenantId: string, userId: string, wanted: readonly Role[]): Promise<Change> {
    const present = await this.bindings.globalAllowsOf(tenantId, userId);
    const nowMs = this.clock.nowMs();
    const live = present.filter((binding) => isLive(binding, nowMs));
    return {
      granted: wanted.filter((role) => !live.some((binding) => binding.role === role.name)),
      ended: live.filter(
        (binding) => !isBaseline(binding.role) && !wanted.some((role) => role.name === binding.role),
      ),
      expired: present.filter((binding) => !isLive(binding, nowMs)),
    };
  }

  private async refuseUnlessAllowed(caller: Principal, userId: string, { granted }: Change): Promise<void> {
    if (caller.kind === 'system') return;
    await this.own.requireOthers(caller, 'user', userId);
    const actor = await this.rules.asOfNow(caller, rbacPermissions['role.bind']);
    for (const role of granted)
      this.rules.requireMayGive(actor, role.name, PermissionSet.of(role.permissions), null);
    if (granted.length > 0) this.rules.requireStepUp(actor);
  }

  private async write(actor: Principal, userId: string, { granted, ended, expired }: Change): Promise<void> {
    await this.bindings.remove([...ended, ...expired].map(({ id }) => id));
    await this.events.record(...ended.map(unbound));
    for (const role of granted) await this.grant(actor, userId, role);
    await this.feed.announce('user', userId);
  }

  private async grant(actor: Principal, userId: string, role: Role): Promise<void> {
    const now = this.clock.now();
    const binding = {
      id: this.ids.next(),
      tenantId: actor.tenantId,
      subjectKind: 'user',
      subjectId: userId,
      roleId: role.id,
      scopeKind: 'global',
      scopeId: null,
      effect: 'allow',
      createdBy: actor.kind === 'system' ? null : actor.id,
      createdAt: now,
      expiresAt: null,
    } as const;
    await this.bindings.add(binding, now);
    const detail = { ...detailOf({ ...binding, role: role.name }), expiresAt: null };
    await this.events.record(new RoleBound({ resourceId: binding.id, detail }));
  }
}

function whoAssigns(): Principal {
  const { principal } = currentOperation();
  if (principal === null)
    throw new Error('Roles are given by somebody: run this as a principal, or as the system.');
  return principal;
}
