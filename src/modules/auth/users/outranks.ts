import { permissionCatalogue, PermissionSet } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';

/**
 * Whether somebody with these rights may do what the caller may not. What every member may does not count: who manages
 * users can make members anyway.
 */
export function outranks(rights: PermissionSet, caller: Principal): boolean {
  return !rights.minus(caller.permissions).minus(rightsOfMembers()).isEmpty();
}

function rightsOfMembers(): PermissionSet {
  const permissions = [...permissionCatalogue.values()].filter((permission) => permission.isHeldBy('member'));
  return PermissionSet.of(permissions.map(({ name }) => name));
}
