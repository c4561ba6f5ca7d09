import { type Permission, permissionCatalogue } from '../operation/permission.js';
import type { Credential } from '../operation/principal.js';
import { isOpenToImpersonation, type RouteAccess } from './route-access.js';

/** A route's declaration, made ready for the guard: names looked up, options turned into bits. */
export interface RouteRule {
  readonly isPublic: boolean;
  readonly permission: Permission | null;
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
  sensitive: false,
  credentials: 0,
  impersonation: true,
};

/** Throws when the declaration names a permission that the catalogue does not have. */
export function ruleFor(access: RouteAccess): RouteRule {
  if (access.kind === 'public') return OPEN;
  // Keys cannot step up: on a sensitive route they count only when the route names them.
  const keysCount = !access.sensitive || access.namesCredentials;
  const kinds = access.credentials.filter((kind) => kind === 'session' || keysCount);
  return {
    isPublic: false,
    permission: access.permission === null ? null : known(access.permission),
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
