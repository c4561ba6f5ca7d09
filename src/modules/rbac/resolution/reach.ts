import type { Affiliation, PermissionScope, PermissionSet } from '../../../kernel/access/index.js';

/** A role as decisions need it; one object for everybody who has it. */
export interface ReachingRole {
  readonly id: string;
  readonly name: string;
  readonly permissions: PermissionSet;
  /** How many permissions it has, to name the most powerful first. */
  readonly size: number;
}

/** A binding that reaches a principal. */
export interface ReachingBinding {
  readonly id: string;
  readonly role: ReachingRole;
  readonly effect: 'allow' | 'deny';
  /** Null: everywhere. */
  readonly scope: PermissionScope | null;
  readonly expiresAt: Date | null;
  /** Through which group it comes; null when it is the principal's own. */
  readonly group: { readonly id: string; readonly name: string } | null;
}

/** Everything that a decision about one principal rests on. */
export interface Reach {
  /** The role that everybody has who is signed in. */
  readonly baseline: ReachingRole;
  readonly bindings: readonly ReachingBinding[];
  /** Also groups without any binding: one may be made. */
  readonly groupIds: readonly string[];
  /** Null while nobody knows of departments. */
  readonly departments: readonly Affiliation[] | null;
}

export function isLive({ expiresAt }: Pick<ReachingBinding, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt === null || nowMs < expiresAt.getTime();
}

/** Whether bindings of this department give anything: not to outsiders, and not while it is inactive. Denials always hold. */
export function contributes(departmentId: string, departments: Reach['departments']): boolean {
  if (departments === null) return true;
  return departments.some((department) => department.departmentId === departmentId && department.isActive);
}

export function scopeText(scope: PermissionScope | null): string {
  return scope === null ? 'global' : `${scope.kind}:${scope.id}`;
}

export function isSameScope(a: PermissionScope | null, b: PermissionScope | null): boolean {
  return a === b || (a !== null && b !== null && a.kind === b.kind && a.id === b.id);
}
