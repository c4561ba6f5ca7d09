import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf, PathId, Problems } from '../../../kernel/http/index.js';
import { InvalidCursor, NotFound } from '../../../kernel/problem/index.js';
import { rbacPermissions } from '../rbac.permissions.js';
import { RolesQuery, RoleView } from './role.dto.js';
import { RolesService } from './roles.service.js';

@ApiTags('Roles')
@Authenticated({ permission: rbacPermissions['role.read'] })
@Controller('roles')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

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
}
