import type { PermissionSet } from './permission-set.js';

export type PrincipalKind = 'user' | 'service' | 'agent' | 'system';

/** Whoever acts, as known after authentication. */
export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: string;
  /** Readable, for people who look at records of what was done. */
  readonly name: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
  readonly permissions: PermissionSet;
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
