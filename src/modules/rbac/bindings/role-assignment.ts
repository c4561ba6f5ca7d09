import { Injectable } from '@nestjs/common';
import { PermissionSet, StepUp } from '../../../kernel/access/index.js';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { currentOperation, type Principal } from '../../../kernel/operation/index.js';
import { Forbidden } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { GrantExceedsOwn, OwnRoles, UnknownRole } from '../rbac.errors.js';
import { RoleBound, RoleUnbound } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import type { Role } from '../roles/role.entity.js';
import { isBaseline, RolesRepository } from '../roles/roles.repository.js';
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
    private readonly stepUp: StepUp,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async assign(userId: string, roleNames: readonly string[]): Promise<void> {
    const actor = whoAssigns();
    const wanted = await this.named(actor.tenantId, roleNames);
    // Changes to who administers a tenant come one after the other.
    await this.tenants.lock(actor.tenantId);
    const change = await this.changeFor(actor.tenantId, userId, wanted);
    if (change.granted.length === 0 && change.ended.length === 0) return;
    this.refuseUnlessAllowed(actor, userId, change);
    if (change.ended.some(isAdmin)) await this.lastAdmin.guard(actor.tenantId, userId);
    await this.write(actor, userId, change);
  }

  private async named(tenantId: string, names: readonly string[]): Promise<Role[]> {
    const found = new Map((await this.roles.byNames(tenantId, names)).map((role) => [role.name, role]));
    names.forEach((name, index) => {
      if (!found.has(name)) throw new UnknownRole(name, index);
    });
    return [...found.values()].filter((role) => !isBaseline(role.name));
  }

  private async changeFor(tenantId: string, userId: string, wanted: readonly Role[]): Promise<Change> {
    const present = await this.bindings.globalAllowsOf(tenantId, userId);
    const nowMs = this.clock.nowMs();
    const expired = present.filter(({ expiresAt }) => expiresAt !== null && expiresAt.getTime() <= nowMs);
    const live = present.filter((binding) => !expired.includes(binding));
    return {
      granted: wanted.filter((role) => !live.some((binding) => binding.role === role.name)),
      ended: live.filter(
        (binding) => !isBaseline(binding.role) && !wanted.some((role) => role.name === binding.role),
      ),
      expired,
    };
  }

  private refuseUnlessAllowed(actor: Principal, userId: string, { granted }: Change): void {
    if (actor.kind === 'system') return;
    if (actor.kind === 'user' && actor.id === userId)
      throw new OwnRoles('Your own roles can only be changed by others.');
    const { 'role.bind': bind } = rbacPermissions;
    if (!actor.permissions.has(bind)) throw new Forbidden(`The permission ${bind.name} is missing.`);
    for (const role of granted) {
      const missing = PermissionSet.of(role.permissions).minus(actor.permissions).names();
      if (missing.length > 0) throw new GrantExceedsOwn(role.name, missing);
    }
    if (granted.length > 0) this.stepUp.require(actor);
  }

  private async write(actor: Principal, userId: string, { granted, ended, expired }: Change): Promise<void> {
    await this.bindings.remove([...ended, ...expired].map(({ id }) => id));
    for (const binding of ended) await this.events.record(unbound(binding));
    for (const role of granted) await this.grant(actor, userId, role);
    await this.feed.announce('user', userId);
  }

  private async grant(actor: Principal, userId: string, role: Role): Promise<void> {
    const id = this.ids.next();
    const createdBy = actor.kind === 'system' ? null : actor.id;
    const { tenantId } = actor;
    const createdAt = this.clock.now();
    await this.bindings.addGlobalAllow({
      id,
      tenantId,
      subjectId: userId,
      roleId: role.id,
      createdBy,
      createdAt,
    });
    const scope = { scopeKind: 'global', scopeId: null, effect: 'allow' };
    const detail = { subjectKind: 'user', subjectId: userId, role: role.name, ...scope };
    await this.events.record(new RoleBound({ resourceId: id, detail }));
  }
}

export function unbound({
  id,
  subjectKind,
  subjectId,
  role,
  scopeKind,
  scopeId,
  effect,
}: NamedBinding): RoleUnbound {
  return new RoleUnbound({
    resourceId: id,
    detail: { subjectKind, subjectId, role, scopeKind, scopeId, effect },
  });
}

function whoAssigns(): Principal {
  const { principal } = currentOperation();
  if (principal === null)
    throw new Error('Roles are given by somebody: run this as a principal, or as the system.');
  return principal;
}

function isAdmin({ role }: NamedBinding): boolean {
  return role === 'admin';
}
