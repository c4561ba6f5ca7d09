import type { Principal } from '../operation/principal.js';

/** The parts of a Fastify request that access control reads, and the principal it leaves there. */
export interface AccessRequest {
  readonly method: string;
  readonly routeOptions: { readonly url?: string };
  readonly raw: { readonly rawHeaders: readonly string[]; readonly url?: string };
  readonly params?: unknown;
  readonly body?: unknown;
  principal?: Principal | null;
}

const LONGEST_PATH = 1_024;

/** What was asked for, for the record: without the query, in which anything may stand. */
export function pathOf({ raw }: AccessRequest): string {
  return (raw.url ?? '').split('?', 1)[0].slice(0, LONGEST_PATH);
}

/** The route as it is declared, `GET /api/v1/users/:id`. */
export function routeOf({ method, routeOptions }: AccessRequest): string {
  return `${method} ${routeOptions.url ?? ''}`;
}
