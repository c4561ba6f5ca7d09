/** A method that answers a route. */
export type Handler = (...args: unknown[]) => unknown;

/** What stands in a handler's place says about itself what the handler's decorators say, which is what Nest reads. */
export function inPlaceOf(handler: Handler, other: Handler): Handler {
  for (const key of Reflect.getOwnMetadataKeys(handler) as unknown[])
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, handler), other);
  return Object.defineProperty(other, 'name', { value: handler.name });
}
