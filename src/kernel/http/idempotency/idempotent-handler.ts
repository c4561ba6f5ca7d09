import { currentOperation, type Operation } from '../../operation/index.js';
import type { Handler } from '../routes/handler.js';
import type { Exchange, Idempotency } from './idempotency.js';

/** Of the requests that came with a key, by their operations; a handler is not told what it answers. */
const keyed = new WeakMap<Operation, Exchange & { readonly key: string }>();

/** To be called for every request, when its operation begins. */
export function noteIdempotencyKey(operation: Operation, exchange: Exchange): void {
  const key = exchange.request.headers['idempotency-key'];
  if (key !== undefined) keyed.set(operation, { ...exchange, key: String(key) });
}

/**
 * The handler of a route whose requests may come with a key. An interceptor would be the framework's way, and would cost
 * every request without a key a chain of observables: a tenth of all that a short one takes.
 */
export function idempotentHandler(handler: Handler, idempotency: Idempotency): Handler {
  return function (this: unknown, ...args: unknown[]): unknown {
    const found = keyed.get(currentOperation());
    if (found === undefined) return handler.apply(this, args);
    return idempotency.once(found.key, found, () => handler.apply(this, args));
  };
}
