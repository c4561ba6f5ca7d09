import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { declareOnRoutes } from './declare-on-routes.js';
import { type AuthenticatedOptions, ROUTE_CREDENTIALS, type RouteAccess } from './route-access.js';

/**
 * The route is for signed-in principals. On a class it stands for every route of the class that says nothing itself.
 * The same declaration is what the guard checks and what the API documentation shows.
 */
export function Authenticated(options: AuthenticatedOptions = {}): ClassDecorator & MethodDecorator {
  const access: RouteAccess = {
    kind: 'authenticated',
    permission: options.permission ?? null,
    scope: options.scope ?? null,
    sensitive: options.sensitive ?? false,
    credentials: options.credentials ?? ROUTE_CREDENTIALS,
    namesCredentials: options.credentials !== undefined,
    rate: options.rate ?? 'principal',
    carriesCredentials: options.carriesCredentials ?? false,
    impersonation: options.impersonation ?? true,
  };
  return declareOnRoutes(access, documentation(options));
}

function documentation(options: AuthenticatedOptions): MethodDecorator[] {
  const documents = [
    ApiBearerAuth(),
    ApiExtension(
      'x-permission',
      options.permission === undefined ? 'authenticated' : String(options.permission),
    ),
  ];
  if (options.scope) documents.push(ApiExtension('x-scope', { ...options.scope }));
  if (options.sensitive) documents.push(ApiExtension('x-step-up', true));
  if (options.credentials) documents.push(ApiExtension('x-credentials', [...options.credentials]));
  return documents;
}
