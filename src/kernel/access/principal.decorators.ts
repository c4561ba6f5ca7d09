import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../operation/principal.js';
import { type AccessScope, ownScope, tenantScope } from './access-scope.js';
import type { AccessRequest } from './access-request.js';
import { routeAccessOf } from './route-access.js';

/** The signed-in principal; on a public route asking for it is a programming error. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  principalOf(context),
);

/** The tenant's rows on a route with a permission, the principal's own on a route without; never from the request's data. */
export const Scope = createParamDecorator((_: unknown, context: ExecutionContext): AccessScope => {
  const access = routeAccessOf(context.getHandler());
  const asksForPermission = access?.kind === 'authenticated' && access.permission !== null;
  return asksForPermission ? tenantScope(principalOf(context)) : ownScope(principalOf(context));
});

function principalOf(context: ExecutionContext): Principal {
  const { principal } = context.switchToHttp().getRequest<AccessRequest>();
  if (principal == null) throw new Error(`${context.getHandler().name} is public and has no principal.`);
  return principal;
}
