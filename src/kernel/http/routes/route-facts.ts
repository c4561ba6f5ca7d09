import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import symbols from 'fastify/lib/symbols.js';
import { type RouteAccess, routeAccessOf } from '../../access/index.js';
import { requiresIfMatch } from '../conditional/if-match.js';
import { locationTemplateOf } from '../output/created.js';

/** What the decorators of a route say about how its requests are treated; read once, at start. */
export interface RouteFacts {
  readonly access: RouteAccess | undefined;
  /** POST, PUT, PATCH or DELETE: what an Idempotency-Key may come with. */
  readonly isMutation: boolean;
  readonly takesBody: boolean;
  readonly requiresIfMatch: boolean;
  /** Template of the Location header of a 201; undefined when the route creates nothing. */
  readonly location: string | undefined;
}

const MUTATIONS = new Set([RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE]);

export function factsOf(controller: object, methodName: string, handler: object): RouteFacts {
  return Object.freeze({
    access: routeAccessOf(handler),
    isMutation: MUTATIONS.has(Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod),
    takesBody: takesBody(controller, methodName),
    requiresIfMatch: requiresIfMatch(handler),
    location: locationTemplateOf(handler),
  });
}

function takesBody(controller: object, methodName: string): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, methodName) ?? {}) as object;
  return Object.keys(parameters).some((key) => Number(key.split(':')[0]) === Number(RouteParamtypes.BODY));
}

interface RouteConfig {
  readonly url?: string;
  readonly facts?: RouteFacts;
}

/** Fastify builds an object with everything about the route each time `routeOptions` is read; this is what it reads from. */
const { kRouteContext } = symbols;

function configOf(request: FastifyRequest): RouteConfig | undefined {
  return (request as unknown as Record<symbol, { config?: RouteConfig }>)[kRouteContext].config;
}

/** Undefined for what no controller answers. */
export function routeFactsOf(request: FastifyRequest): RouteFacts | undefined {
  return configOf(request)?.facts;
}

/** `/api/v1/users/:id`; undefined when no route matched. */
export function routePatternOf(request: FastifyRequest): string | undefined {
  return configOf(request)?.url;
}
