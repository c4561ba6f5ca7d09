import type { Principal } from '../../../kernel/operation/index.js';
import type { Rights } from '../../../kernel/access/index.js';
import type { SessionState } from '../sessions/sessions.repository.js';
import type { VerificationKey } from '../signing-keys/key-set.js';
import type { AccessTokenClaims } from './access-token-claims.js';

/** A token whose signature this process has verified, and the principal it stood for when it was last used. */
export class VerifiedToken {
  readonly sessionId: string;
  /** When the token has expired, or its key does not count any more. */
  endsAtMs: number;
  private principal: Principal | null = null;
  private madeFrom: SessionState | null = null;
  private madeWith: Rights | null = null;

  constructor(
    readonly claims: AccessTokenClaims,
    public key: VerificationKey,
    /** Of the key set when the key was last found to verify. */
    public keyGeneration: number,
  ) {
    this.sessionId = claims.sid;
    this.endsAtMs = endOf(claims, key);
  }

  /** The key as it is in a newer key set, in which it may have got an end. */
  verifiedBy(key: VerificationKey, generation: number): void {
    this.key = key;
    this.keyGeneration = generation;
    this.endsAtMs = endOf(this.claims, key);
  }

  /** The same object as long as state and rights are the same objects, so that a request makes nothing new. */
  principalFor(state: SessionState, rights: Rights): Principal {
    if (this.principal === null || this.madeFrom !== state || this.madeWith !== rights) {
      this.principal = principalOf(this.claims, state, rights);
      this.madeFrom = state;
      this.madeWith = rights;
    }
    return this.principal;
  }
}

function endOf({ exp }: AccessTokenClaims, { verifiesUntilMs }: VerificationKey): number {
  return Math.min(exp * 1000, verifiesUntilMs);
}

/**
 * A token made by a new proof of identity says so itself, which counts at once, also in processes that have not yet
 * heard that the session changed.
 */
function principalOf(claims: AccessTokenClaims, state: SessionState, rights: Rights): Principal {
  const authenticatedAtMs = Math.max(state.authenticatedAt.getTime(), claims.authTime * 1000);
  return {
    kind: 'user',
    id: state.userId,
    name: state.username,
    tenantId: state.tenantId,
    roles: rights.roles,
    permissions: rights.permissions,
    permissionsByScope: rights.permissionsByScope,
    credential: {
      kind: 'session',
      sessionId: state.sessionId,
      familyId: state.familyId,
      authenticatedAt: new Date(authenticatedAtMs),
      amr: state.amr,
    },
  };
}
