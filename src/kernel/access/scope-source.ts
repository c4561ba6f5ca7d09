import type { PermissionScope, ScopeKind } from '../operation/permission-scope.js';
import { isUuid } from '../runtime/index.js';
import type { AccessRequest } from './access-request.js';

/** Where a request says in which place it wants to act. */
export interface ScopeSource {
  readonly kind: ScopeKind;
  readonly in: 'path' | 'body';
  /** The path parameter, or the member of the body. */
  readonly name: string;
}

/**
 * The place that the request names. Null when it names none, or something that is no identifier: then the permission
 * must be held everywhere, and what reads the input refuses it after that.
 */
export function scopeNamedBy(source: ScopeSource, request: AccessRequest): PermissionScope | null {
  const place: unknown = source.in === 'path' ? request.params : request.body;
  if (typeof place !== 'object' || place === null || !Object.hasOwn(place, source.name)) return null;
  const value = (place as Record<string, unknown>)[source.name];
  if (typeof value !== 'string') return null;
  // Identifiers in paths are read in either case.
  const id = value.toLowerCase();
  return isUuid(id) ? { kind: source.kind, id } : null;
}
