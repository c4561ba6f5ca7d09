export {
  BUILT_IN_ROLES,
  type BuiltInRole,
  definePermissions,
  Permission,
  PERMISSION_LEVELS,
  permissionCatalogue,
  type PermissionDeclaration,
  type PermissionLevel,
} from '../operation/permission.js';
export { type PermissionScope, SCOPE_KINDS, type ScopeKind } from '../operation/permission-scope.js';
export { PermissionSet } from '../operation/permission-set.js';
export { PermissionsByScope } from '../operation/permissions-by-scope.js';
export { AccessGuard } from './access.guard.js';
export { AccessModule } from './access.module.js';
export type { AccessRequest } from './access-request.js';
export {
  type AccessScope,
  ownScope,
  type ScopeOwner,
  tenantScope,
  type TenantScope,
} from './access-scope.js';
export { AccessForbidden, ImpersonatedRequest } from './access.events.js';
export { type Affiliation, Affiliations, type AffiliationSource } from './affiliations.js';
export { Authenticated } from './authenticated.decorator.js';
export { type AuthenticationRequest, Authenticator, AuthenticatorRegistry } from './authenticator.js';
export { bearerToken } from './bearer-token.js';
export { Policy, type Rights, type Subject } from './policy.js';
export { CurrentPrincipal, Scope } from './principal.decorators.js';
export { Public } from './public.decorator.js';
export { Refusals } from './refusals.js';
export {
  type AuthenticatedOptions,
  isOpenToImpersonation,
  type PublicOptions,
  type RouteAccess,
  routeAccessOf,
  type RouteCredential,
} from './route-access.js';
export { type DeclaredRoute, RouteRules } from './route-rules.js';
export type { ScopeSource } from './scope-source.js';
export { type ScopeValidator, ScopeValidators } from './scope-validators.js';
export { StandingAccess } from './standing-access.js';
export { StepUp } from './step-up.js';
