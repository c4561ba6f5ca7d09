import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import {
  Created,
  IfMatch,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PathId,
  Problems,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import {
  CredentialNotAllowed,
  InvalidCursor,
  NotFound,
  StepUpRequired,
  VersionMismatch,
} from '../../../kernel/problem/index.js';
import { GrantExceedsOwn, GroupNameTaken, LastAdmin, OwnRoles, UnknownSubject } from '../rbac.errors.js';
import { GroupChanges } from './group-changes.js';
import { MEMBER_KINDS } from './group-member.entity.js';
import {
  AddMember,
  ChangeGroup,
  CreateGroup,
  GroupMembersQuery,
  GroupMemberView,
  GroupsQuery,
  GroupView,
} from './group.dto.js';
import { GroupMemberships } from './group-memberships.js';
import { GroupsService } from './groups.service.js';
import { PathMemberKind } from './member-kind.js';

@ApiTags('Groups')
@Controller('groups')
@Authenticated({ permission: 'group.write', impersonation: false })
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly changes: GroupChanges,
    private readonly memberships: GroupMemberships,
  ) {}

  /** Lists groups, by name. */
  @Get()
  @Authenticated({ permission: 'group.read' })
  @Ok(PageOf(GroupView))
  @Problems(InvalidCursor)
  list(@Query() query: GroupsQuery, @Scope() scope: AccessScope): Promise<Page<GroupView>> {
    return this.groups.page(query, scope);
  }

  /** Creates a group, which is empty and has no roles yet. */
  @Post()
  @Created(GroupView)
  @Problems(GroupNameTaken)
  create(@Body() body: CreateGroup, @CurrentPrincipal() principal: Principal): Promise<GroupView> {
    return this.changes.create(body, principal);
  }

  /** Shows a group. */
  @Get(':id')
  @Authenticated({ permission: 'group.read' })
  @Ok(GroupView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<GroupView> {
    return this.groups.get(id, scope);
  }

  /** Changes name or description of a group. */
  @Patch(':id')
  @Ok(GroupView)
  @Problems(NotFound, VersionMismatch, GroupNameTaken)
  change(
    @PathId() id: string,
    @Body() body: ChangeGroup,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<GroupView> {
    return this.changes.change(id, body, version, principal);
  }

  /** Deletes a group with its memberships and bindings. What that gives back to its members, the caller must hold. */
  @Delete(':id')
  @NoContent()
  @Problems(NotFound, VersionMismatch, OwnRoles, GrantExceedsOwn, LastAdmin)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.changes.delete(id, version, principal);
  }

  /** Lists who is in a group. */
  @Get(':id/members')
  @Authenticated({ permission: 'group.read' })
  @Ok(PageOf(GroupMemberView))
  @Problems(NotFound, InvalidCursor)
  listMembers(
    @PathId() id: string,
    @Query() query: GroupMembersQuery,
    @Scope() scope: AccessScope,
  ): Promise<Page<GroupMemberView>> {
    return this.groups.membersOf(id, query, scope);
  }

  /** Lets a user or a service into a group. The caller must hold everything that the group gives. */
  @Post(':id/members')
  @NoContent()
  @Problems(
    NotFound,
    UnknownSubject,
    OwnRoles,
    GrantExceedsOwn,
    LastAdmin,
    StepUpRequired,
    CredentialNotAllowed,
  )
  addMember(
    @PathId() id: string,
    @Body() body: AddMember,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.memberships.add(id, body, principal);
  }

  /** Takes a user or a service out of a group. What that gives back to them, the caller must hold. */
  @Delete(':id/members/:kind/:principalId')
  @ApiParam({ name: 'kind', enum: [...MEMBER_KINDS], description: 'Whether it is a user or a service.' })
  @NoContent()
  @Problems(NotFound, OwnRoles, GrantExceedsOwn, LastAdmin)
  removeMember(
    @PathId() id: string,
    @PathMemberKind() kind: (typeof MEMBER_KINDS)[number],
    @PathId('principalId') principalId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.memberships.remove(id, { kind, id: principalId }, principal);
  }
}
