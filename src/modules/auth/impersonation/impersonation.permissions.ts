import { definePermissions, type PermissionSet } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden } from '../../../kernel/problem/index.js';

export const impersonationPermissions = definePermissions({
  'admin.impersonate': {
    description: 'See the service as another user does, for a quarter of an hour.',
    level: 'ADMIN',
    holders: ['support'],
    sensitive: true,
    delegable: false,
  },
});

export const { 'admin.impersonate': IMPERSONATE } = impersonationPermissions;

/**
 * For what concerns the impersonation at hand: whoever uses one may, though the user they act as lacks the permission.
 *
 * @throws Forbidden
 */
export function expectImpersonator({ credential, permissions }: Principal): void {
  if (credential.kind !== 'impersonation') expectRight(permissions);
}

/** @throws Forbidden */
export function expectRight(permissions: PermissionSet): void {
  if (!permissions.has(IMPERSONATE)) throw new Forbidden(`The permission ${IMPERSONATE.name} is missing.`);
}
