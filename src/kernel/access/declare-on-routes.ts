import { PATH_METADATA } from '@nestjs/common/constants.js';
import { declareAccess, type RouteAccess, routeAccessOf } from './route-access.js';

/**
 * Writes the declaration to the decorated method, or, on a class, to each of its routes that has none of its own.
 * It always ends up on the method, so that the guard has one place to look and a route has one declaration.
 */
export function declareOnRoutes(
  access: RouteAccess,
  documents: readonly MethodDecorator[],
): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor !== undefined && key !== undefined) {
      declareOnMethod(target, key, descriptor, access, documents);
      return;
    }
    const prototype = (target as { prototype: object }).prototype;
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (isUndeclaredRoute(method)) declareOnMethod(prototype, name, method, access, documents);
    }
  };
}

function declareOnMethod(
  prototype: object,
  key: string | symbol,
  descriptor: PropertyDescriptor,
  access: RouteAccess,
  documents: readonly MethodDecorator[],
): void {
  const handler = descriptor.value as object;
  if (routeAccessOf(handler) !== undefined) {
    throw new Error(`${prototype.constructor.name}.${String(key)} declares its access twice.`);
  }
  declareAccess(handler, access);
  for (const document of documents) document(prototype, key, descriptor);
}

function isUndeclaredRoute(method: PropertyDescriptor): boolean {
  const handler: unknown = method.value;
  return (
    typeof handler === 'function' &&
    Reflect.hasMetadata(PATH_METADATA, handler) &&
    routeAccessOf(handler) === undefined
  );
}
