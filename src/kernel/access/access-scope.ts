import type { Principal } from '../operation/principal.js';

/** The tenant whose rows are looked at; principals have one, too. */
export interface TenantScope {
  readonly tenantId: string;
}

/** Whose rows a use case may touch. Repositories turn it into the WHERE; what is outside does not exist for the caller. */
export interface AccessScope extends TenantScope {
  readonly owner: ScopeOwner | 'any';
}

export interface ScopeOwner {
  readonly kind: 'user' | 'service';
  readonly id: string;
}

/** Everything of the principal's tenant: for routes that ask for a permission. */
export function tenantScope(principal: Principal): AccessScope {
  return { tenantId: principal.tenantId, owner: 'any' };
}

/** What belongs to the principal itself: for routes that ask for no permission. */
export function ownScope(principal: Principal): AccessScope {
  if (principal.kind !== 'user' && principal.kind !== 'service') {
    throw new Error(`A principal of kind ${principal.kind} owns nothing; the route needs a permission.`);
  }
  return { tenantId: principal.tenantId, owner: { kind: principal.kind, id: principal.id } };
}
