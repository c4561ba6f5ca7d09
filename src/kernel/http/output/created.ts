import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';

const LOCATION = Symbol('reeve:location');

/**
 * 201 with a Location: `/api/v1/users/:id` with names filled from the answer, then from the path. Without a template it is
 * the request's own path and the `id` of the answer.
 */
export function Created(view: Type<unknown>, location?: string): MethodDecorator {
  return applyDecorators(
    HttpCode(201),
    ApiCreatedResponse({
      type: view,
      headers: { Location: { description: 'Where the new resource is.', schema: { type: 'string' } } },
    }),
    (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
      Reflect.defineMetadata(LOCATION, location ?? OWN_PATH, descriptor.value as object),
  );
}

const OWN_PATH = '';

/** The template of a handler; '' for the request's own path, undefined when the route creates nothing. */
export function locationTemplateOf(handler: object): string | undefined {
  return Reflect.getMetadata(LOCATION, handler) as string | undefined;
}

export function locationOf(
  template: string,
  path: string,
  params: Record<string, unknown>,
  answer: Record<string, unknown>,
): string {
  if (template === OWN_PATH) return `${path}/${String(answer.id)}`;
  return template.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(answer[name] ?? params[name])),
  );
}
