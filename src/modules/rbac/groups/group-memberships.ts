import { Injectable } from '@nestjs/common';
import { PermissionSet, type Subject } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { LastAdminGuard } from '../bindings/last-admin-guard.js';
import { RoleBindingsRepository } from '../bindings/role-bindings.repository.js';
import { SubjectsRepository } from '../bindings/subjects.repository.js';
import { Consequences, placeOf } from '../grants/consequences.js';
import { GrantRules } from '../grants/grant-rules.js';
import { OwnRights } from '../grants/own-rights.js';
import { UnknownSubject } from '../rbac.errors.js';
import { MemberAdded, MemberRemoved } from '../rbac.events.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { isLive } from '../resolution/reach.js';
import type { AddMember } from './group.dto.js';
import type { Group } from './group.entity.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupsRepository } from './groups.repository.js';

/** Who is in a group: joining one is being given everything that it gives. */
@Injectable()
export class GroupMemberships {
  constructor(
    private readonly groups: GroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly subjects: SubjectsRepository,
    private readonly bindings: RoleBindingsRepository,
    private readonly tenants: Tenants,
    private readonly lastAdmin: LastAdminGuard,
    private readonly rules: GrantRules,
    private readonly own: OwnRights,
    private readonly consequences: Consequences,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Nothing happens when it is in the group already.
   *
   * @throws NotFound, UnknownSubject, OwnRoles, GrantExceedsOwn, StepUpRequired, LastAdmin when a denial of the group would
   *   leave nobody
   */
  @Transactional()
  async add(groupId: string, { kind, id }: AddMember, caller: Principal): Promise<void> {
    const subject: Subject = { kind, id, tenantId: caller.tenantId };
    // Before the tenant, as those do who delete users and services: two who wait for each other get nowhere.
    const exists = await this.subjects.hold(subject);
    await this.tenants.lock(caller.tenantId);
    const actor = await this.rules.asOfNow(caller, rbacPermissions['group.write']);
    const group = await this.found(groupId, actor);
    if (!exists) throw new UnknownSubject(kind, '/id');
    await this.own.requireOthers(actor, kind, id);
    if (await this.members.has(groupId, subject)) return;
    await this.requireMayLetIn(groupId, actor);
    await this.lastAdmin.during(actor.tenantId, () =>
      this.members.add(groupId, subject, actor.id, this.clock.now()),
    );
    await this.record(MemberAdded, group, subject);
  }

  /** @throws NotFound, OwnRoles, GrantExceedsOwn, LastAdmin */
  @Transactional()
  async remove(groupId: string, member: Pick<Subject, 'kind' | 'id'>, caller: Principal): Promise<void> {
    const subject: Subject = { ...member, tenantId: caller.tenantId };
    await this.lastAdmin.during(caller.tenantId, async () => {
      const actor = await this.rules.asOfNow(caller, rbacPermissions['group.write']);
      const group = await this.found(groupId, actor);
      if (!(await this.members.has(groupId, subject))) throw new NotFound();
      await this.own.requireOthers(actor, subject.kind, subject.id);
      const bindings = await this.bindings.ofSubject('group', groupId);
      await this.consequences.requireMayEnd(actor, bindings, subject);
      await this.members.remove(groupId, subject);
      await this.record(MemberRemoved, group, subject);
    });
  }

  private async found(groupId: string, actor: Principal): Promise<Group> {
    const group = await this.groups.lock(actor, groupId);
    if (group === null) throw new NotFound();
    return group;
  }

  private async requireMayLetIn(groupId: string, actor: Principal): Promise<void> {
    const nowMs = this.clock.nowMs();
    for (const binding of await this.bindings.ofSubject('group', groupId)) {
      if (binding.effect === 'deny' || !isLive(binding, nowMs)) continue;
      const permissions = PermissionSet.of(binding.permissions);
      this.rules.requireMayGive(actor, binding.role, permissions, placeOf(binding));
    }
  }

  private async record(
    fact: typeof MemberAdded | typeof MemberRemoved,
    { id: groupId, name }: Group,
    { kind, id }: Subject,
  ): Promise<void> {
    const detail = { group: name, kind, principalId: id };
    await this.events.record(new fact({ resourceId: groupId, detail }));
    await this.feed.announce(kind, id);
  }
}
