import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { EventLog } from '../events/index.js';
import {
  currentOperation,
  type Operation,
  type Permission,
  type PermissionScope,
} from '../operation/index.js';
import { permissionsAt, type Principal } from '../operation/principal.js';
import {
  CredentialNotAllowed,
  Forbidden,
  ImpersonationNotAllowed,
  type Problem,
  Unauthorized,
} from '../problem/index.js';
import { ImpersonatedRequest } from './access.events.js';
import { type AccessRequest, pathOf, routeOf } from './access-request.js';
import { AuthenticatorRegistry } from './authenticator.js';
import { bearerToken } from './bearer-token.js';
import { Refusals } from './refusals.js';
import { CREDENTIAL_BIT, type RouteRule } from './route-rule.js';
import { RouteRules } from './route-rules.js';
import { scopeNamedBy } from './scope-source.js';
import { StepUp } from './step-up.js';

/**
 * Stands before every route. Nothing in here waits while the authenticator knows the token: an `async` on this path
 * would cost every request several turns of the event loop, so promises appear only for unknown tokens and refusals.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly rules: RouteRules,
    private readonly authenticators: AuthenticatorRegistry,
    private readonly stepUp: StepUp,
    private readonly refusals: Refusals,
    private readonly events: EventLog,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.rules.of(context.getHandler());
    if (rule.isPublic) return true;
    const [request] = context.getArgs<[AccessRequest]>();
    const operation = currentOperation();
    const principal = this.authenticate(request, operation);
    if (principal instanceof Promise)
      return principal.then((known) => this.admit(known, rule, request, operation));
    return this.admit(principal, rule, request, operation);
  }

  private authenticate(request: AccessRequest, operation: Operation): Principal | Promise<Principal> {
    const token = bearerToken(request.raw.rawHeaders);
    const authenticator = token === null ? undefined : this.authenticators.forToken(token);
    // One answer whatever was wrong: which part it was is of use only to somebody who guesses.
    if (token === null || authenticator === undefined) throw new Unauthorized();
    return authenticator.authenticate(token, operation);
  }

  private admit(
    principal: Principal,
    rule: RouteRule,
    request: AccessRequest,
    operation: Operation,
  ): boolean | Promise<boolean> {
    operation.principal = principal;
    request.principal = principal;
    const refusal = this.refusalOf(principal, rule, request);
    if (principal.credential.kind === 'impersonation') {
      const { impersonationId } = principal.credential;
      return this.recordRequest(impersonationId, refusal, request).then(
        () => refusal === null || this.refuse(refusal, rule, request),
      );
    }
    return refusal === null ? true : this.refuse(refusal, rule, request);
  }

  private refusalOf(principal: Principal, rule: RouteRule, request: AccessRequest): Problem | null {
    if ((rule.credentials & CREDENTIAL_BIT[principal.credential.kind]) === 0) {
      return new CredentialNotAllowed(
        rule.credentials === CREDENTIAL_BIT.session
          ? 'Only somebody who is signed in may do this; send the access token of a session.'
          : 'The documentation of the route lists the kinds of credential that it takes.',
      );
    }
    if (!rule.impersonation && principal.credential.kind === 'impersonation')
      return new ImpersonationNotAllowed();
    if (rule.permission !== null) {
      const scope = rule.scope === null ? null : scopeNamedBy(rule.scope, request);
      if (!permissionsAt(principal, scope).has(rule.permission)) return missing(rule.permission, scope);
    }
    const stepsUp = rule.sensitive && principal.credential.kind === 'session';
    return stepsUp ? this.stepUp.refusal(principal) : null;
  }

  /** Whoever acts as another user leaves an entry for everything they ask for; without it nothing is done. */
  private recordRequest(
    impersonationId: string,
    refusal: Problem | null,
    request: AccessRequest,
  ): Promise<void> {
    return this.events.append(
      new ImpersonatedRequest({
        resourceId: impersonationId,
        outcome: refusal === null ? 'success' : 'denied',
        detail: { route: routeOf(request), path: pathOf(request) },
      }),
    );
  }

  /** The entry is on disk before the client is told. */
  private async refuse(refusal: Problem, rule: RouteRule, request: AccessRequest): Promise<never> {
    await this.refusals.record(refusal, request, rule.permission?.name ?? null);
    throw refusal;
  }
}

function missing(permission: Permission, scope: PermissionScope | null): Problem {
  const where = scope === null ? '' : ` on the ${scope.kind} ${scope.id}`;
  return new Forbidden(`The permission ${permission.name} is missing${where}.`);
}
