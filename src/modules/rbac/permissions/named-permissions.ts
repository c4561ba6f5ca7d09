import { type Permission, permissionCatalogue } from '../../../kernel/access/index.js';
import type { FieldError } from '../../../kernel/problem/index.js';
import { UnknownPermission } from '../rbac.errors.js';

/** A permission as a request names it, and where it does. */
export interface NamedPermission extends Pick<FieldError, 'in' | 'pointer'> {
  readonly name: string;
}

/** @throws UnknownPermission about all that the catalogue does not have */
export function permissionsNamed(named: readonly NamedPermission[]): Permission[] {
  const permissions = named.flatMap(({ name }) => permissionCatalogue.get(name) ?? []);
  if (permissions.length < named.length)
    throw new UnknownPermission(named.filter(({ name }) => !permissionCatalogue.has(name)));
  return permissions;
}
