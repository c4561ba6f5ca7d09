import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { type GroupMembersQuery, GroupMemberView, type GroupsQuery, GroupView } from './group.dto.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupsRepository } from './groups.repository.js';

/** Looking groups up. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly groups: GroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: GroupsQuery, scope: AccessScope): Promise<Page<GroupView>> {
    const binding = bindingOf('groups', scope.tenantId);
    const [after = ''] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.groups.page(scope, after, query.limit);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      ({ name }) => [name],
      (group) => GroupView.from(group),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.groups.countUpTo(scope, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async get(id: string, scope: AccessScope): Promise<GroupView> {
    const group = await this.groups.byId(scope, id);
    if (group === null) throw new NotFound();
    return GroupView.from(group);
  }

  /** @throws NotFound */
  async membersOf(id: string, query: GroupMembersQuery, scope: AccessScope): Promise<Page<GroupMemberView>> {
    await this.get(id, scope);
    const binding = bindingOf('group-members', scope.tenantId, { id });
    const after = this.cursors.positionOf(query, binding) as [string, string] | null;
    const rows = await this.members.page(id, after, query.limit + 1);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      (member) => [member.kind, member.id],
      (member) => GroupMemberView.of(member),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.members.count(id, TOTAL_CAP + 1)) };
  }
}
