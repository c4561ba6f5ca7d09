import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { unbound } from '../bindings/binding-facts.js';
import { LastAdminGuard } from '../bindings/last-admin-guard.js';
import { RoleBindingsRepository } from '../bindings/role-bindings.repository.js';
import { Consequences } from '../grants/consequences.js';
import { GrantRules } from '../grants/grant-rules.js';
import { OwnRights } from '../grants/own-rights.js';
import { nameKey } from '../names/name-rules.js';
import { GroupCreated, GroupDeleted, GroupUpdated } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { type ChangeGroup, type CreateGroup, GroupView } from './group.dto.js';
import type { Group } from './group.entity.js';
import { GroupsRepository } from './groups.repository.js';

/** Making, renaming and deleting groups. */
@Injectable()
export class GroupChanges {
  constructor(
    private readonly groups: GroupsRepository,
    private readonly bindings: RoleBindingsRepository,
    private readonly lastAdmin: LastAdminGuard,
    private readonly rules: GrantRules,
    private readonly own: OwnRights,
    private readonly consequences: Consequences,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws GroupNameTaken */
  @Transactional()
  async create({ name, description = '' }: CreateGroup, actor: Principal): Promise<GroupView> {
    const now = this.clock.now();
    const group: Group = {
      id: this.ids.next(),
      tenantId: actor.tenantId,
      name,
      nameKey: nameKey(name),
      description,
      memberCount: 0,
      createdBy: actor.id,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.groups.add(group);
    await this.events.record(new GroupCreated({ resourceId: group.id, detail: { name } }));
    return GroupView.from(group);
  }

  /** @throws NotFound, VersionMismatch, GroupNameTaken */
  @Transactional()
  async change(id: string, wish: ChangeGroup, demanded: number | null, actor: Principal): Promise<GroupView> {
    const group = current(await this.groups.lock(actor, id), demanded);
    const { name = group.name, description = group.description } = wish;
    const columns = {
      name,
      nameKey: nameKey(name),
      description,
      updatedAt: this.clock.now(),
      version: group.version + 1,
    };
    await this.groups.update(id, columns);
    const changed = [
      ...(description === group.description ? [] : ['description']),
      ...(name === group.name ? [] : ['name']),
    ];
    await this.events.record(new GroupUpdated({ resourceId: id, detail: { name, changed } }));
    if (name !== group.name) await this.feed.announce('group', id);
    return GroupView.from({ ...group, ...columns });
  }

  /**
   * Its members lose what they had through it, and get back what was kept from them through it.
   *
   * @throws NotFound, VersionMismatch, OwnRoles, GrantExceedsOwn, LastAdmin
   */
  @Transactional()
  async delete(id: string, demanded: number | null, caller: Principal): Promise<void> {
    await this.lastAdmin.during(caller.tenantId, async () => {
      const actor = await this.rules.asOfNow(caller, rbacPermissions['group.write']);
      const group = current(await this.groups.lock(actor, id), demanded);
      await this.own.requireOthers(actor, 'group', id);
      await this.consequences.requireMayEnd(actor, await this.bindings.ofSubject('group', id));
      const ended = await this.bindings.removeAllOf('group', id);
      await this.events.record(...ended.map(unbound));
      await this.groups.remove(id);
      const detail = { name: group.name, members: group.memberCount };
      await this.events.record(new GroupDeleted({ resourceId: id, detail }));
      await this.feed.announce('group', id);
    });
  }
}

function current(group: Group | null, demanded: number | null): Group {
  if (group === null) throw new NotFound();
  if (demanded !== null && demanded !== group.version) throw new VersionMismatch(demanded, group.version);
  return group;
}
