import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog, type Fact, InTransaction } from '../../../kernel/events/index.js';
import { GroupMembersRepository } from '../groups/group-members.repository.js';
import { MemberRemoved } from '../rbac.events.js';
import { unbound } from './binding-facts.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** Whoever is deleted leaves no bindings and no memberships behind, in the same transaction. */
@Injectable()
export class LeavingSubjects {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly members: GroupMembersRepository,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
  ) {}

  // By name, because the module that owns users and services is not to be imported here.
  @InTransaction('user.delete')
  async userDeleted(deleted: Fact): Promise<void> {
    await this.leave('user', deleted.resourceId);
  }

  @InTransaction('service.delete')
  async serviceDeleted(deleted: Fact): Promise<void> {
    await this.leave('service', deleted.resourceId);
  }

  private async leave(kind: Subject['kind'], id: string | null): Promise<void> {
    if (id === null) throw new Error(`The deleted ${kind} is not named.`);
    const bindings = await this.bindings.removeAllOf(kind, id);
    const groups = await this.members.removeEverywhere({ kind, id });
    await this.events.record(
      ...bindings.map(unbound),
      ...groups.map(
        (group) =>
          new MemberRemoved({ resourceId: group.id, detail: { group: group.name, kind, principalId: id } }),
      ),
    );
    if (bindings.length + groups.length > 0) await this.feed.announce(kind, id);
  }
}
