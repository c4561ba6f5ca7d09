import { type Permission, permissionCatalogue } from '../operation/permission.js';
import type { Credential } from '../operation/principal.js';
import { isOpenToImpersonation, type RouteAccess } from './route-access.js';
import type { ScopeSource } from './scope-source.js';

/** A route's declaration, made ready for the guard: names looked up, options turned into bits. */
export interface RouteRule {
  readonly isPublic: boolean;
  readonly permission: Permission | null;
  /** Where the place is named in which it must be held; null: it must be held everywhere. */
  readonly scope: ScopeSource | null;
  readonly sensitive: boolean;
  /** Bits of CREDENTIAL_BIT. */
  readonly credentials: number;
  /** Whether somebody who acts as another user may call. */
  readonly impersonation: boolean;
}

export const CREDENTIAL_BIT: Readonly<Record<Credential['kind'], number>> = {
  session: 1,
  api_key: 2,
  service_key: 4,
  // Stands for a session of the user; what is closed to it is closed by `impersonation`.
  impersonation: 1,
  system: 0,
};

const OPEN: RouteRule = {
  isPublic: true,
  permission: null,
  scope: null,
  sensitive: false,
  credentials: 0,
  impersonation: true,
};

/** Throws when the declaration names a permission that the catalogue does not have, or a place that the path does not. */
export function ruleFor(access: RouteAccess, path: string): RouteRule {
  if (access.kind === 'public') return OPEN;
  if (access.scope !== null) requirePlace(access.scope, access.permission, path);
  // Keys cannot step up: on a sensitive route they count only when the route names them.
  const keysCount = !access.sensitive || access.namesCredentials;
  const kinds = access.credentials.filter((kind) => kind === 'session' || keysCount);
  return {
    isPublic: false,
    permission: access.permission === null ? null : known(access.permission),
    scope: access.scope,
    sensitive: access.sensitive,
    credentials: kinds.reduce((bits, kind) => bits | CREDENTIAL_BIT[kind], 0),
    impersonation: isOpenToImpersonation(access),
  };
}

function known(permission: Permission | string): Permission {
  const found = permissionCatalogue.get(String(permission));
  if (found === undefined) throw new Error(`the permission ${String(permission)} is in no catalogue`);
  return found;
}

function requirePlace(scope: ScopeSource, permission: Permission | string | null, path: string): void {
  if (permission === null)
    throw new Error('a scope says where a permission must be held, and none is asked for');
  if (scope.in === 'path' && !path.split('/').includes(`:${scope.name}`))
    throw new Error(`the path has no parameter ${scope.name} to take the scope from`);
}
