import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { PageQuery, View } from '../../../kernel/http/index.js';
import { Role } from './role.entity.js';

export class RoleView extends View(Role, [
  'id',
  'name',
  'description',
  'permissions',
  'isBuiltIn',
  'version',
]) {}

export class RolesQuery extends PageQuery {}

export class CreateRole extends IntersectionType(
  PickType(Role, ['name', 'permissions']),
  PartialType(PickType(Role, ['description']), { skipNullProperties: false }),
) {}

/** What to change; the rest stays. Changed permissions count at once for everybody who has the role. */
export class ChangeRole extends PartialType(PickType(Role, ['name', 'description', 'permissions']), {
  skipNullProperties: false,
}) {}
