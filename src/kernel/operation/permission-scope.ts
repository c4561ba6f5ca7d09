export const SCOPE_KINDS = ['gateway', 'department'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

/** One place in which a right is used. Where none is named the right is asked for everywhere. */
export interface PermissionScope {
  readonly kind: ScopeKind;
  /** UUID in lower case. */
  readonly id: string;
}
