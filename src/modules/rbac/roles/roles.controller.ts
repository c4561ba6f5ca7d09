import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
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
  RequireIfMatch,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import {
  CredentialNotAllowed,
  InvalidCursor,
  NotFound,
  StepUpRequired,
  VersionMismatch,
} from '../../../kernel/problem/index.js';
import {
  BuiltInRole,
  GrantExceedsOwn,
  OwnRoles,
  RoleInUse,
  RoleNameTaken,
  UnknownPermission,
} from '../rbac.errors.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { RoleChanges } from './role-changes.js';
import { ChangeRole, CreateRole, RolesQuery, RoleView } from './role.dto.js';
import { RolesService } from './roles.service.js';

@ApiTags('Roles')
@Authenticated({ permission: rbacPermissions['role.read'] })
@Controller('roles')
export class RolesController {
  constructor(
    private readonly roles: RolesService,
    private readonly changes: RoleChanges,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List roles',
    description: 'The roles of the tenant, built-in ones included, sorted by name.',
  })
  @Ok(PageOf(RoleView), 'A page of roles.')
  @Problems(InvalidCursor)
  list(@Query() query: RolesQuery, @Scope() scope: AccessScope): Promise<Page<RoleView>> {
    return this.roles.page(query, scope);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a role', description: 'One role with its permissions.' })
  @Ok(RoleView, 'The role.')
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<RoleView> {
    return this.roles.get(id, scope);
  }

  /** Creates a role. The caller must hold everything that it contains. */
  @Post()
  @Authenticated({ permission: rbacPermissions['role.write'], impersonation: false })
  @Created(RoleView)
  @Problems(UnknownPermission, RoleNameTaken, GrantExceedsOwn)
  create(@Body() body: CreateRole, @CurrentPrincipal() principal: Principal): Promise<RoleView> {
    return this.changes.create(body, principal);
  }

  /** Changes a role and thereby the rights of everybody who has it. Adding `role.bind` needs step-up. */
  @Patch(':id')
  @Authenticated({ permission: rbacPermissions['role.write'], impersonation: false })
  @RequireIfMatch()
  @Ok(RoleView)
  @Problems(
    UnknownPermission,
    NotFound,
    VersionMismatch,
    BuiltInRole,
    RoleNameTaken,
    OwnRoles,
    GrantExceedsOwn,
    StepUpRequired,
    CredentialNotAllowed,
  )
  change(
    @PathId() id: string,
    @Body() body: ChangeRole,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RoleView> {
    return this.changes.change(id, body, version, principal);
  }

  /** Deletes a role that nobody has. */
  @Delete(':id')
  @Authenticated({ permission: rbacPermissions['role.write'], impersonation: false })
  @RequireIfMatch()
  @NoContent()
  @Problems(NotFound, VersionMismatch, BuiltInRole, RoleInUse)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.changes.delete(id, version, principal);
  }
}
