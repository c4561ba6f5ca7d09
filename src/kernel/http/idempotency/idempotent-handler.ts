import { currentOperation, type Operation } from '../../operation/index.js';
import type { Exchange, Idempotency } from './idempotency.js';

export type Handler = (...args: unknown[]) => unknown;

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
  function answer(this: unknown, ...args: unknown[]): unknown {
    const found = keyed.get(currentOperation());
    if (found === undefined) return handler.apply(this, args);
    return idempotency.once(found.key, found, () => handler.apply(this, args));
  }
  // What its decorators say about the handler goes on to be said.
  for (const key of Reflect.getOwnMetadataKeys(handler) as unknown[])
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), answer);
  return Object.defineProperty(answer, 'name', { value: handler.name });
}
