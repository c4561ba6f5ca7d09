import type { Operation, Principal } from '../../operation/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard. */
    principal: Principal | null;
    operation: Operation | null;
    /** Milliseconds, monotonic. */
    startedAtMs: number;
    /** Whether a limit was charged for this request already. */
    isCharged: boolean;
    /** What made the answer a 5xx, for the log. */
    failure: unknown;
  }
}

/** Declared before any request, so that all requests have one shape and stay fast. */
export const REQUEST_FIELDS = {
  principal: null,
  operation: null,
  startedAtMs: 0,
  isCharged: false,
  failure: undefined,
} as const;
