import { GUARDS_METADATA, INTERCEPTORS_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { factsOf, type RouteFacts } from './route-facts.js';
import { RouteGuard } from './route.guard.js';

/**
 * Gives each route what its declarations ask for, before Nest builds the handlers: its facts for the hooks, its guard,
 * and idempotency where there is something to repeat. A global interceptor would cost every request a chain of
 * observables, also those that only read.
 */
export function prepareRoutes(app: INestApplicationContext): void {
  const limits = app.get(RateLimits);
  const idempotency = app.get(IdempotencyInterceptor);
  for (const { controller, name, handler } of handlersOf(app)) {
    const facts = factsOf(controller, name, handler);
    writeConfig(handler, facts);
    replaceIn(GUARDS_METADATA, handler, RouteGuard, new RouteGuard(facts, limits));
    replaceIn(INTERCEPTORS_METADATA, handler, IdempotencyInterceptor, mayRepeat(facts) ? idempotency : null);
  }
}

export interface RouteHandler {
  readonly controller: { readonly name: string };
  readonly name: string;
  readonly handler: object;
}

/** Every method of every controller that answers a route. */
export function handlersOf(app: INestApplicationContext): RouteHandler[] {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as { name: string; prototype: Record<string, object> };
    return scanner
      .getAllMethodNames(controller.prototype)
      .map((name) => ({ controller, name, handler: controller.prototype[name] }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler));
  });
}

function mayRepeat({ isMutation, access }: RouteFacts): boolean {
  return isMutation && access?.carriesCredentials !== true;
}

function writeConfig(handler: object, facts: RouteFacts): void {
  RouteConfig({ facts })(handler as never, undefined as never, { value: handler } as never);
}

/** Decorators live as long as the program, applications do not: what an earlier one left is taken out. */
function replaceIn(
  key: string,
  handler: object,
  kind: abstract new (...args: never[]) => object,
  instance: object | null,
): void {
  const others = ((Reflect.getMetadata(key, handler) as object[] | undefined) ?? []).filter(
    (entry) => !(entry instanceof kind),
  );
  Reflect.defineMetadata(key, instance === null ? others : [...others, instance], handler);
}
