import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PreconditionRequired, ValidationFailed } from '../../problem/index.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import { escapePointer } from '../server/json-body.js';
import type { RouteFacts } from './route-facts.js';

/** The last guard of each route, after the caller is known: the caller's own limit, then what must come with the request. */
export class RouteGuard implements CanActivate {
  constructor(
    private readonly facts: RouteFacts,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const [request, reply] = context.getArgs<[FastifyRequest, FastifyReply]>();
    const charged = this.chargePrincipal(request, reply);
    if (charged instanceof Promise) return charged.then(() => this.checked(request));
    return this.checked(request);
  }

  private chargePrincipal(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const { access } = this.facts;
    if (access?.kind !== 'authenticated' || request.principal == null) return;
    request.isCharged = true;
    return this.limits.chargePrincipal(request.principal, access.rate, reply);
  }

  private checked(request: FastifyRequest): boolean {
    if (this.facts.refusesQuery) refuseFields('query', request.query as object);
    if (!this.facts.isMutation) return true;
    if (this.facts.requiresIfMatch && request.headers['if-match'] === undefined)
      throw new PreconditionRequired();
    if (!this.facts.takesBody && request.body !== undefined) refuseBody(request.body);
    return true;
  }
}

/** Routes without a body take none or `{}`. */
function refuseBody(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ValidationFailed([
      { in: 'body', pointer: '', code: 'object', message: 'The body must be empty or {}.' },
    ]);
  }
  refuseFields('body', body);
}

function refuseFields(place: 'body' | 'query', fields: object): void {
  const errors = Object.keys(fields).map((name) => ({
    in: place,
    pointer: `/${escapePointer(name)}`,
    code: 'unknown_field',
    message: place === 'body' ? 'This route takes no fields.' : 'This route takes no parameters.',
  }));
  if (errors.length > 0) throw new ValidationFailed(errors.slice(0, 20));
}
