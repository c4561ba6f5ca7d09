export {
  currentOperation,
  type Operation,
  operationOrNull,
  outsideOperations,
  runInOperation,
  systemOperation,
  withinTransaction,
} from './operation.js';
export {
  BUILT_IN_ROLES,
  type BuiltInRole,
  definePermissions,
  Permission,
  PERMISSION_LEVELS,
  permissionCatalogue,
  type PermissionDeclaration,
  type PermissionLevel,
} from './permission.js';
export { type PermissionScope, SCOPE_KINDS, type ScopeKind } from './permission-scope.js';
export { PermissionSet } from './permission-set.js';
export { PermissionsByScope } from './permissions-by-scope.js';
export {
  type Actor,
  type Credential,
  permissionsAt,
  type Principal,
  type PrincipalKind,
} from './principal.js';
export { systemPrincipal } from './system-principal.js';
export { DEFAULT_TENANT_ID } from './tenant.js';
export type { Transaction } from './transaction.js';
