import { Injectable } from '@nestjs/common';
import { PermissionSet } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { RoleBindingsRepository } from '../bindings/role-bindings.repository.js';
import { placeOf } from '../grants/consequences.js';
import { GrantRules } from '../grants/grant-rules.js';
import { OwnRights } from '../grants/own-rights.js';
import { nameKey } from '../names/name-rules.js';
import { permissionsNamed } from '../permissions/named-permissions.js';
import { BuiltInRole } from '../rbac.errors.js';
import { RoleCreated, RoleDeleted, RoleUpdated } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { type ChangeRole, type CreateRole, RoleView } from './role.dto.js';
import type { Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';

/** Roles of a tenant's own making. Whoever edits one gives and takes rights to and from everybody who has it. */
@Injectable()
export class RoleChanges {
  constructor(
    private readonly roles: RolesRepository,
    private readonly bindings: RoleBindingsRepository,
    private readonly tenants: Tenants,
    private readonly rules: GrantRules,
    private readonly own: OwnRights,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws UnknownPermission, RoleNameTaken, GrantExceedsOwn */
  @Transactional()
  async create({ name, description = '', permissions }: CreateRole, actor: Principal): Promise<RoleView> {
    requireKnown(permissions);
    this.rules.requireHeld(actor, PermissionSet.of(permissions), null, `The role ${name} contains`);
    const now = this.clock.now();
    const role: Role = {
      id: this.ids.next(),
      tenantId: actor.tenantId,
      name,
      nameKey: nameKey(name),
      description,
      permissions: permissions.toSorted(),
      isBuiltIn: false,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.roles.add(role);
    const detail = { name, permissions: role.permissions };
    await this.events.record(new RoleCreated({ resourceId: role.id, detail }));
    return RoleView.from(role);
  }

  /**
   * @throws UnknownPermission, NotFound, VersionMismatch, BuiltInRole, RoleNameTaken, OwnRoles, GrantExceedsOwn,
   *   StepUpRequired
   */
  @Transactional()
  async change(id: string, wish: ChangeRole, demanded: number | null, caller: Principal): Promise<RoleView> {
    requireKnown(wish.permissions ?? []);
    await this.tenants.lock(caller.tenantId);
    const actor = await this.rules.asOfNow(caller, rbacPermissions['role.write']);
    const role = own(current(await this.roles.lock(actor, id), demanded));
    const { name = role.name, description = role.description } = wish;
    const permissions = wish.permissions?.toSorted() ?? role.permissions;
    const added = permissions.filter((permission) => !role.permissions.includes(permission));
    const removed = role.permissions.filter((permission) => !permissions.includes(permission));
    if (added.length + removed.length > 0) await this.requireMayRedefine(role, added, removed, actor);
    const columns = { name, nameKey: nameKey(name), description, permissions };
    const versioned = { ...columns, updatedAt: this.clock.now(), version: role.version + 1 };
    await this.roles.update(id, versioned);
    const changed = [
      ...(description === role.description ? [] : ['description']),
      ...(name === role.name ? [] : ['name']),
      ...(added.length + removed.length === 0 ? [] : ['permissions']),
    ];
    await this.events.record(new RoleUpdated({ resourceId: id, detail: { name, changed, added, removed } }));
    await this.feed.announce('role', id);
    return RoleView.from({ ...role, ...versioned });
  }

  /** @throws NotFound, VersionMismatch, BuiltInRole, RoleInUse */
  @Transactional()
  async delete(id: string, demanded: number | null, actor: Principal): Promise<void> {
    const role = own(current(await this.roles.lock(actor, id), demanded));
    await this.roles.remove(id);
    await this.events.record(new RoleDeleted({ resourceId: id, detail: { name: role.name } }));
  }

  /** What is added is given wherever the role is given, and what is removed is given back wherever the role is denied. */
  private async requireMayRedefine(
    role: Role,
    added: readonly string[],
    removed: readonly string[],
    actor: Principal,
  ): Promise<void> {
    await this.own.requireNotHeld(actor, role.id);
    const [gained, lost] = [PermissionSet.of(added), PermissionSet.of(removed)];
    this.rules.requireHeld(actor, gained, null, `The role ${role.name} would contain`);
    if (gained.has(rbacPermissions['role.bind'])) this.rules.requireStepUp(actor);
    for (const use of await this.bindings.usesOfRole(role.id, this.clock.now())) {
      const [change, lead] =
        use.effect === 'allow'
          ? [gained, `The role ${role.name} would contain`]
          : [lost, `The denial of the role ${role.name} would give back`];
      this.rules.requireHeld(actor, change, placeOf(use), lead);
    }
  }
}

function requireKnown(names: readonly string[]): void {
  permissionsNamed(names.map((name, index) => ({ name, in: 'body', pointer: `/permissions/${index}` })));
}

function current(role: Role | null, demanded: number | null): Role {
  if (role === null) throw new NotFound();
  if (demanded !== null && demanded !== role.version) throw new VersionMismatch(demanded, role.version);
  return role;
}

function own(role: Role): Role {
  if (role.isBuiltIn) throw new BuiltInRole();
  return role;
}
