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
  /** No parameter of a query would have an effect, so none is taken. */
  readonly refusesQuery: boolean;
  readonly requiresIfMatch: boolean;
  /** Template of the Location header of a 201; undefined when the route creates nothing. */
  readonly location: string | undefined;
}

const MUTATIONS = new Set([RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE]);

export function factsOf(controller: object, methodName: string, handler: object): RouteFacts {
  const access = routeAccessOf(handler);
  const isMutation = MUTATIONS.has(Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod);
  const takes = argumentsOf(controller, methodName);
  return Object.freeze({
    access,
    isMutation,
    takesBody: takes.has(RouteParamtypes.BODY),
    // What everybody may read is pages, keys and probes: whoever links there may add what they like.
    refusesQuery: !takes.has(RouteParamtypes.QUERY) && (isMutation || access?.kind !== 'public'),
    requiresIfMatch: requiresIfMatch(handler),
    location: locationTemplateOf(handler),
  });
}

function argumentsOf(controller: object, methodName: string): ReadonlySet<RouteParamtypes> {
  const declared = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, methodName) ?? {}) as object;
  return new Set(Object.keys(declared).map((key): RouteParamtypes => Number(key.split(':')[0])));
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
