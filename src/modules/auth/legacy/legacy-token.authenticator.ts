import { Injectable } from '@nestjs/common';
import { Authenticator, Policy, type Rights } from '../../../kernel/access/index.js';
import { readJwtHeader } from '../../../kernel/crypto/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { ExactTokens } from '../access-tokens/exact-tokens.js';
import { passportVerdict } from '../access-tokens/passport-verdict.js';
import { SESSIONLESS } from '../sessions/sessionless.js';
import type { LegacyClaims } from './legacy-claims.js';
import { LegacyTokenStrategy, type PresentedLegacyToken } from './legacy-token.strategy.js';
import { type LegacyUser, LegacyUsers } from './legacy-users.js';

const MOST_TOKENS = 10_000;
/** How the tokens begin that we make ourselves: `{"alg":"ES256",` */
const OURS = 'eyJhbGciOiJFUzI1NiIs';

/**
 * Access tokens of the former system, accepted while the configuration says so: HS256, without a `sid`. Everything about
 * them is apart from our own tokens, so that neither kind can be passed off as the other. They have no session that could
 * be ended; a change of the password, or of the user, ends them.
 */
@Injectable()
export class LegacyTokenAuthenticator extends Authenticator {
  private readonly verified = new ExactTokens<LegacyClaims>(MOST_TOKENS);

  constructor(
    private readonly strategy: LegacyTokenStrategy,
    private readonly users: LegacyUsers,
    private readonly policy: Policy,
    private readonly clock: Clock,
  ) {
    super();
  }

  recognises(token: string): boolean {
    return token.startsWith('eyJ') && !token.startsWith(OURS);
  }

  authenticate(token: string): Principal | Promise<Principal> {
    const claims = this.verified.get(token);
    if (claims === undefined) return this.authenticateNew(token);
    if (this.clock.nowMs() >= claims.exp * 1000) throw new Unauthorized();
    const user = this.users.peek(claims.sub);
    const rights = user === undefined ? undefined : this.policy.peekRights(user.subject);
    return user === undefined || rights === undefined
      ? this.principalAgain(token, claims)
      : principal(claims, user, rights);
  }

  knows(token: string): boolean {
    return (this.verified.get(token)?.exp ?? 0) * 1000 > this.clock.nowMs();
  }

  private async authenticateNew(token: string): Promise<Principal> {
    const header = readJwtHeader(token);
    if (header?.alg !== 'HS256' || (header.typ ?? 'JWT') !== 'JWT') throw new Unauthorized();
    const claims = await passportVerdict<PresentedLegacyToken, LegacyClaims>(this.strategy, { token });
    const principal = await this.principalOf(claims);
    this.verified.add(token, claims);
    return principal;
  }

  private async principalAgain(token: string, claims: LegacyClaims): Promise<Principal> {
    try {
      return await this.principalOf(claims);
    } catch (error) {
      if (error instanceof Unauthorized) this.verified.drop(token);
      throw error;
    }
  }

  private async principalOf(claims: LegacyClaims): Promise<Principal> {
    const user = await this.users.get(claims.sub);
    return principal(claims, user, await this.policy.rightsOf(user.subject));
  }
}

function principal(
  claims: LegacyClaims,
  user: LegacyUser,
  { roles, permissions, permissionsByScope }: Rights,
): Principal {
  if (claims.iat < user.tokensFrom) throw new Unauthorized();
  const { id, tenantId } = user.subject;
  return {
    kind: 'user',
    id,
    name: user.name,
    tenantId,
    roles,
    permissions,
    permissionsByScope,
    credential: SESSIONLESS,
  };
}
