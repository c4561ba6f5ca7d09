import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import {
  CredentialNotAllowed,
  DatabaseUnavailable,
  Forbidden,
  IdempotencyConflict,
  IdempotencyInFlight,
  ImpersonationNotAllowed,
  InternalError,
  InvalidCursor,
  InvalidIdempotencyKey,
  MalformedRequest,
  NotFound,
  PayloadTooLarge,
  PreconditionRequired,
  type ProblemType,
  RateLimited,
  RepeatedParameter,
  StepUpRequired,
  TooDeep,
  Unauthorized,
  UnsupportedMediaType,
  ValidationFailed,
  VersionMismatch,
} from '../../problem/index.js';
import { isOpenToImpersonation } from '../../access/index.js';
import { readsIfMatch } from '../conditional/if-match.js';
import { PageQuery } from '../output/page.js';
import type { RouteFacts } from '../routes/route-facts.js';
import type { RouteHandler } from '../routes/prepare-routes.js';
import { declaredProblems } from './problems.decorator.js';

/** Every problem a route can answer: its own, and those that follow from what it declares. */
export function refusalsOfRoute(route: RouteHandler, facts: RouteFacts): ProblemType[] {
  const inputs = inputsOf(route);
  const all = [
    { type: MalformedRequest.type },
    { type: RateLimited.type },
    { type: InternalError.type },
    { type: DatabaseUnavailable.type },
    ...refusalsOfAccess(facts),
    ...(facts.isMutation ? [UnsupportedMediaType, PayloadTooLarge, TooDeep, ValidationFailed] : []),
    ...(mayRepeat(facts) ? [InvalidIdempotencyKey, IdempotencyConflict, IdempotencyInFlight] : []),
    ...(inputs.hasQuery ? [RepeatedParameter, ValidationFailed] : []),
    ...(facts.refusesQuery ? [ValidationFailed] : []),
    ...(inputs.isPaged ? [InvalidCursor] : []),
    ...(inputs.hasPathParameter ? [NotFound] : []),
    ...(inputs.readsIfMatch ? [VersionMismatch] : []),
    ...(facts.requiresIfMatch ? [PreconditionRequired] : []),
    ...declaredProblems(route.handler).map((type) => ({ type })),
  ];
  return [...new Map(all.map(({ type }) => [type.code, type])).values()];
}

/** Whether a change may name the version that it is meant for. */
export function honoursIfMatch(route: RouteHandler): boolean {
  return inputsOf(route).readsIfMatch;
}

export function mayRepeat({ isMutation, access }: RouteFacts): boolean {
  return isMutation && access?.carriesCredentials !== true;
}

function refusalsOfAccess({ access }: RouteFacts): { type: ProblemType }[] {
  if (access?.kind !== 'authenticated') return [];
  const restricts = access.namesCredentials || access.sensitive;
  return [
    Unauthorized,
    ...(access.permission === null ? [] : [Forbidden]),
    ...(access.sensitive ? [StepUpRequired] : []),
    ...(restricts ? [CredentialNotAllowed] : []),
    ...(isOpenToImpersonation(access) ? [] : [ImpersonationNotAllowed]),
  ];
}

interface Inputs {
  readonly hasQuery: boolean;
  readonly isPaged: boolean;
  readonly hasPathParameter: boolean;
  readonly readsIfMatch: boolean;
}

function inputsOf({ controller, name }: RouteHandler): Inputs {
  const declared = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { index: number; factory?: unknown }
  >;
  const kinds = Object.keys(declared).map((key) => Number(key.split(':')[0]));
  const prototype = (controller as unknown as { prototype: object }).prototype;
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as unknown[];
  return {
    hasQuery: kinds.includes(RouteParamtypes.QUERY),
    isPaged: types.some(
      (type) => type === PageQuery || (type as { prototype?: unknown })?.prototype instanceof PageQuery,
    ),
    hasPathParameter: kinds.includes(RouteParamtypes.PARAM),
    readsIfMatch: Object.values(declared).some(({ factory }) => factory === readsIfMatch),
  };
}
