import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { routeAccessOf } from './route-access.js';
import { type RouteRule, ruleFor } from './route-rule.js';

/** One route of one controller. */
export interface DeclaredRoute {
  /** `UsersController.list` */
  readonly name: string;
  /** `GET users` */
  readonly path: string;
  readonly handler: object;
}

/** The rules of all routes, compiled while the application starts; it does not start when one is missing. */
@Injectable()
export class RouteRules implements OnModuleInit {
  private readonly rules = new Map<object, RouteRule>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const faults = this.routes().flatMap((route) => this.compile(route));
    if (faults.length > 0)
      throw new Error(`Routes are closed until they say who may call them:\n${faults.join('\n')}`);
  }

  /** The rule of a handler. A handler the start has not seen is a mistake of the program and stays closed. */
  of(handler: object): RouteRule {
    const rule = this.rules.get(handler);
    if (rule === undefined) throw new Error('This handler was not there when the routes were checked.');
    return rule;
  }

  routes(): DeclaredRoute[] {
    return this.discovery
      .getControllers()
      .flatMap(({ metatype, instance }) => (metatype ? this.routesOf(metatype, instance as object) : []));
  }

  /** The handlers are those of the instance: what answers a request may be put around the method that was declared. */
  private routesOf(controller: NonNullable<unknown>, instance: object): DeclaredRoute[] {
    const { name, prototype } = controller as { name: string; prototype: Record<string, object> };
    const handlers = instance as Readonly<Record<string, object>>;
    return this.scanner
      .getAllMethodNames(prototype)
      .map((method) => ({ method, handler: handlers[method] }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler))
      .map(({ method, handler }) => ({
        name: `${name}.${method}`,
        path: pathOf(controller, handler),
        handler,
      }));
  }

  private compile(route: DeclaredRoute): string[] {
    const access = routeAccessOf(route.handler);
    if (access === undefined) {
      return [`- ${route.name} (${route.path}) declares neither @Authenticated(...) nor @Public().`];
    }
    try {
      this.rules.set(route.handler, Object.freeze(ruleFor(access, route.path)));
      return [];
    } catch (error) {
      return [`- ${route.name} (${route.path}): ${(error as Error).message}.`];
    }
  }
}

function pathOf(controller: object, handler: object): string {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const parts = [controller, handler].flatMap(
    (target) => Reflect.getMetadata(PATH_METADATA, target) as string | string[],
  );
  return `${method} ${parts.filter((part) => part !== '' && part !== '/').join('/')}`;
}
