const NEVER_UNCHANGED = Symbol('reeve:never-unchanged');

/**
 * The answer shows more than its version covers, such as when somebody last signed in: If-None-Match never gets a 304
 * there. The ETag is good for If-Match all the same.
 */
export function NeverUnchanged(): MethodDecorator {
  return (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
    Reflect.defineMetadata(NEVER_UNCHANGED, true, descriptor.value as object);
}

export function isNeverUnchanged(handler: object): boolean {
  return Reflect.getMetadata(NEVER_UNCHANGED, handler) === true;
}
