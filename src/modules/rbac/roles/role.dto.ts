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
