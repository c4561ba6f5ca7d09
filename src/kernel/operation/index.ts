export {
  currentOperation,
  type Operation,
  operationOrNull,
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
export { PermissionSet } from './permission-set.js';
export type { Actor, Credential, Principal, PrincipalKind } from './principal.js';
export { systemPrincipal } from './system-principal.js';
export { DEFAULT_TENANT_ID } from './tenant.js';
export type { Transaction } from './transaction.js';
