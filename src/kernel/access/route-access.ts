import { type Permission, permissionCatalogue } from '../operation/permission.js';
import type { ScopeSource } from './scope-source.js';

export type RouteCredential = 'session' | 'api_key' | 'service_key';
export const ROUTE_CREDENTIALS: readonly RouteCredential[] = ['session', 'api_key', 'service_key'];

export interface AuthenticatedOptions {
  /** What the caller must hold; without it any signed-in principal may call, and reaches only what is its own. */
  readonly permission?: Permission | string;
  /** In which place the caller must hold it, as the request names it; without it, everywhere. */
  readonly scope?: ScopeSource;
  /** Asks for a proof of identity not older than 15 minutes. Keys cannot give one and are refused, unless `credentials` lists them. */
  readonly sensitive?: boolean;
  /** Which kinds of credential may call; all by default. */
  readonly credentials?: readonly RouteCredential[];
  /** Which limit the call is counted against, besides that of the address. */
  readonly rate?: 'principal' | 'export';
  /** The route takes or gives credentials, so its answers are never stored for replay. */
  readonly carriesCredentials?: boolean;
  /**
   * `false` keeps out who acts as another user, where nothing else says so: see `isOpenToImpersonation`. Name it on
   * whatever changes accounts, credentials or rights, or decides in somebody's name.
   */
  readonly impersonation?: false;
}

export interface PublicOptions {
  /** Which address limit applies: the general one or the stricter one for sign-in routes. */
  readonly rate?: 'anonymous' | 'auth';
  /** The route takes or gives credentials, so its answers are never stored for replay. */
  readonly carriesCredentials?: boolean;
}

/** What a route declared, as its decorator wrote it. */
export type RouteAccess =
  | {
      readonly kind: 'public';
      readonly rate: 'anonymous' | 'auth';
      readonly carriesCredentials: boolean;
    }
  | {
      readonly kind: 'authenticated';
      readonly permission: Permission | string | null;
      readonly scope: ScopeSource | null;
      readonly sensitive: boolean;
      readonly credentials: readonly RouteCredential[];
      /** Whether the route itself named the credentials it takes. */
      readonly namesCredentials: boolean;
      readonly rate: 'principal' | 'export';
      readonly carriesCredentials: boolean;
      /** False when the route itself keeps out who acts as another user. */
      readonly impersonation: boolean;
    };

const ROUTE_ACCESS = Symbol('reeve:route-access');

export function declareAccess(handler: object, access: RouteAccess): void {
  Reflect.defineMetadata(ROUTE_ACCESS, Object.freeze(access), handler);
}

/** What the route behind this handler declared, or undefined when it declared nothing. */
export function routeAccessOf(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined;
}

/**
 * Whether somebody who acts as another user may call. What is sensitive, by itself or by its permission, and what takes
 * or gives credentials is closed without being listed, so that a new route of that kind cannot be forgotten. Public
 * routes look at no credential, so nobody acts as anybody there.
 */
export function isOpenToImpersonation(access: RouteAccess): boolean {
  if (access.kind === 'public') return true;
  const { impersonation, sensitive, carriesCredentials, permission } = access;
  const needsSensitive = permissionCatalogue.get(String(permission))?.sensitive === true;
  return impersonation && !sensitive && !carriesCredentials && !needsSensitive;
}
