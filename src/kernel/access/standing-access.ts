import { Injectable } from '@nestjs/common';
import type { Permission } from '../operation/permission.js';
import type { AccessRequest } from './access-request.js';
import { type AuthenticationRequest, AuthenticatorRegistry } from './authenticator.js';
import { bearerToken } from './bearer-token.js';

/** For answers that go on for hours: whether the request would still be let in. */
@Injectable()
export class StandingAccess {
  constructor(private readonly authenticators: AuthenticatorRegistry) {}

  /** False as well when it cannot be found out. In the steady state it asks no database, so it may be asked often. */
  async stillHas(
    permission: Permission,
    request: AccessRequest,
    from: AuthenticationRequest,
  ): Promise<boolean> {
    const token = bearerToken(request.raw.rawHeaders);
    const authenticator = token === null ? undefined : this.authenticators.forToken(token);
    if (token === null || authenticator === undefined) return false;
    try {
      const principal = await authenticator.authenticate(token, from);
      return principal.permissions.has(permission);
    } catch {
      return false;
    }
  }
}
