import { ApiExtension } from '@nestjs/swagger';
import { declareOnRoutes } from './declare-on-routes.js';
import type { PublicOptions } from './route-access.js';

/** The route is open to everybody. It looks at no credential, not even at one that is sent. */
export function Public(options: PublicOptions = {}): ClassDecorator & MethodDecorator {
  return declareOnRoutes(
    {
      kind: 'public',
      rate: options.rate ?? 'anonymous',
      carriesCredentials: options.carriesCredentials ?? false,
    },
    [ApiExtension('x-permission', 'public')],
  );
}
