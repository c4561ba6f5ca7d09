import type { PermissionScope } from './permission-scope.js';
import { PermissionSet } from './permission-set.js';
import type { PermissionsByScope } from './permissions-by-scope.js';

export type PrincipalKind = 'user' | 'service' | 'agent' | 'system';

/** Whoever acts, as known after authentication. */
export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: string;
  /** Readable, for people who look at records of what was done. */
  readonly name: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
  /** What it may do everywhere. */
  readonly permissions: PermissionSet;
  /** What it may do place by place; whoever makes a principal without it gives it nothing in single places. */
  readonly permissionsByScope?: PermissionsByScope;
  readonly credential: Credential;
  /** Who is behind it when it acts in another's name. */
  readonly actor?: Actor;
}

export interface Actor {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly name: string;
  /** The strongest role of their own. */
  readonly role?: string;
}

/** What the principal showed. */
export type Credential =
  | {
      readonly kind: 'session';
      /** The `sid` claim: one issuance of tokens within the family. */
      readonly sessionId: string;
      readonly familyId: string;
      /** When the person last proved who they are, for the whole family; step-up is judged by it. */
      readonly authenticatedAt: Date;
      readonly amr: readonly string[];
    }
  | { readonly kind: 'api_key'; readonly keyId: string }
  | { readonly kind: 'service_key'; readonly keyId: string }
  /** A session in which the principal's `actor` acts as the principal. */
  | { readonly kind: 'impersonation'; readonly impersonationId: string; readonly expiresAt: Date }
  | { readonly kind: 'system' };

/** What the principal may do in this place; everywhere, when none is named. */
export function permissionsAt(principal: Principal, scope: PermissionScope | null): PermissionSet {
  if (scope === null) return principal.permissions;
  return principal.permissionsByScope?.at(scope) ?? PermissionSet.none;
}
