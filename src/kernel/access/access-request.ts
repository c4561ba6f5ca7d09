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
