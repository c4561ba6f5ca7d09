import { PermissionSet, type Rights } from '../../../kernel/access/index.js';

/** A role that reaches a principal, and until when. */
export interface ReachingRole {
  readonly role: string;
  readonly permissions: readonly string[];
  readonly effect: 'allow' | 'deny';
  readonly expiresAt: Date | null;
}

/**
 * What global bindings amount to: everything that is allowed, minus everything that is denied.
 *
 * @param baseline what every signed-in principal has
 * @param bound only bindings that have not expired
 */
export function rightsFrom(baseline: ReachingRole, bound: readonly ReachingRole[]): Rights {
  const allowed = bound.filter(({ effect }) => effect === 'allow');
  const denied = bound.filter(({ effect }) => effect === 'deny');
  return {
    roles: [...mostPowerfulFirst(allowed), baseline.role],
    permissions: unionOf([baseline, ...allowed]).minus(unionOf(denied)),
    validUntilMs: Math.min(...bound.map(({ expiresAt }) => expiresAt?.getTime() ?? Infinity)),
  };
}

function unionOf(roles: readonly ReachingRole[]): PermissionSet {
  return PermissionSet.of(roles.flatMap(({ permissions }) => permissions));
}

function mostPowerfulFirst(roles: readonly ReachingRole[]): string[] {
  const sorted = [...roles].sort(
    (a, b) => b.permissions.length - a.permissions.length || (a.role < b.role ? -1 : 1),
  );
  return [...new Set(sorted.map(({ role }) => role))];
}
