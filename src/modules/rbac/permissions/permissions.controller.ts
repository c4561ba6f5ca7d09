import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated, permissionCatalogue } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf } from '../../../kernel/http/index.js';
import { PermissionView } from './permission.dto.js';

@ApiTags('Roles')
@Controller('permissions')
export class PermissionsController {
  @Get()
  @Authenticated()
  @ApiOperation({
    summary: 'List every permission there is',
    description: 'The whole catalogue at once, sorted by name. Roles are composed of these names.',
  })
  @Ok(PageOf(PermissionView), 'The catalogue.')
  list(): Page<PermissionView> {
    const permissions = [...permissionCatalogue.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { items: permissions.map((permission) => PermissionView.of(permission)), nextCursor: null };
  }
}
