import { GUARDS_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Idempotency } from '../idempotency/idempotency.js';
import { idempotentHandler } from '../idempotency/idempotent-handler.js';
import { RateLimits } from '../rate-limit/rate-limits.js';
import { argumentChecksOf, checkedHandler } from './checked-handler.js';
import { type Handler, inPlaceOf } from './handler.js';
import { factsOf, type RouteFacts } from './route-facts.js';
import { RouteGuard } from './route.guard.js';

/**
 * Gives each route what its declarations ask for, before Nest builds the handlers: its facts for the hooks, its guard,
 * the checks of its arguments, and idempotency where there is something to repeat.
 */
export function prepareRoutes(app: INestApplicationContext): void {
  const limits = app.get(RateLimits);
  const idempotency = app.get(Idempotency);
  for (const { controller, instance, name, handler } of handlersOf(app)) {
    const facts = factsOf(controller, name, handler);
    writeConfig(handler, facts);
    guardWith(new RouteGuard(facts, limits), handler);
    // On the instance, which is this application's alone.
    const once = mayRepeat(facts) ? idempotentHandler(handler, idempotency) : handler;
    const checks = argumentChecksOf(controller, name);
    const answer = checks.length === 0 ? once : checkedHandler(once, checks);
    if (answer !== handler) instance[name] = inPlaceOf(handler, answer);
  }
}

export interface RouteHandler {
  readonly controller: { readonly name: string; readonly prototype: object };
  /** The object that answers for the controller. */
  readonly instance: Record<string, Handler>;
  readonly name: string;
  readonly handler: Handler;
}

/** Every method of every controller that answers a route. */
export function handlersOf(app: INestApplicationContext): RouteHandler[] {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype, instance }) => {
    const controller = metatype as { name: string; prototype: Record<string, Handler> };
    return scanner
      .getAllMethodNames(controller.prototype)
      .map((name) => ({
        controller,
        instance: instance as Record<string, Handler>,
        name,
        handler: controller.prototype[name],
      }))
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
function guardWith(guard: RouteGuard, handler: object): void {
  const guards = (Reflect.getMetadata(GUARDS_METADATA, handler) as object[] | undefined) ?? [];
  const others = guards.filter((entry) => !(entry instanceof RouteGuard));
  Reflect.defineMetadata(GUARDS_METADATA, [...others, guard], handler);
}
