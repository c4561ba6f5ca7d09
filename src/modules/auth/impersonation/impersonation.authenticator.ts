import { Injectable } from '@nestjs/common';
import { Authenticator, Policy, type Rights, type Subject } from '../../../kernel/access/index.js';
import { readJwtHeader } from '../../../kernel/crypto/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { type AccessTokenClaims, ACTOR_TOKEN_TYPE } from '../access-tokens/access-token-claims.js';
import { AccessTokenStrategy, type PresentedToken } from '../access-tokens/access-token.strategy.js';
import { ExactTokens } from '../access-tokens/exact-tokens.js';
import { passportVerdict } from '../access-tokens/passport-verdict.js';
import { KeySet } from '../signing-keys/key-set.js';
import { BY_ITSELF, ImpersonationEndings } from './impersonation-endings.js';
import { ImpersonationStates, type LiveImpersonation } from './impersonation-states.js';
import { IMPERSONATE } from './impersonation.permissions.js';

const MOST_TOKENS = 1_000;
/** How our own begin. Another spelling of the same header is taken for an access token, and refused for its type. */
const BEGINNING = Buffer.from(`{"alg":"ES256","typ":"${ACTOR_TOKEN_TYPE}"`).toString('base64url');

/**
 * Tokens of people who act as another user. Each request leaves an entry on disk anyway, so nothing here is spared the
 * work: the signature is verified every time, and what the request depends on is looked at in memory.
 */
@Injectable()
export class ImpersonationAuthenticator extends Authenticator {
  /** When those end that have been let in. */
  private readonly admitted = new ExactTokens<number>(MOST_TOKENS);

  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly keys: KeySet,
    private readonly states: ImpersonationStates,
    private readonly endings: ImpersonationEndings,
    private readonly policy: Policy,
    private readonly clock: Clock,
  ) {
    super();
  }

  recognises(token: string): boolean {
    return token.startsWith(BEGINNING);
  }

  async authenticate(token: string): Promise<Principal> {
    const claims = await this.verified(token);
    try {
      const principal = await this.principalFor(claims);
      if (!this.knows(token)) this.admitted.add(token, claims.exp * 1000);
      return principal;
    } catch (error) {
      if (error instanceof Unauthorized) this.admitted.drop(token);
      throw error;
    }
  }

  knows(token: string): boolean {
    return (this.admitted.get(token) ?? 0) > this.clock.nowMs();
  }

  private async verified(token: string): Promise<AccessTokenClaims> {
    const header = readJwtHeader(token);
    if (header?.alg !== 'ES256' || header.typ !== ACTOR_TOKEN_TYPE || header.kid === undefined)
      throw new Unauthorized();
    const key = await this.keys.verifier(header.kid);
    if (key === null) throw new Unauthorized();
    return passportVerdict<PresentedToken, AccessTokenClaims>(this.strategy, { token, key });
  }

  private async principalFor(claims: AccessTokenClaims): Promise<Principal> {
    const live = await this.states.get(claims.sid);
    const { state } = live;
    if (state.userId !== claims.sub || state.actorId !== claims.actorId || state.tenantId !== claims.tid)
      throw new Unauthorized();
    const [actors, users] = await Promise.all([this.rightsOf(live.actor), this.rightsOf(live.user)]);
    if (!actors.permissions.has(IMPERSONATE)) return this.refuseWithoutRight(state.id);
    return principalOf(live, actors, users);
  }

  private async rightsOf(subject: Subject): Promise<Rights> {
    return this.policy.peekRights(subject) ?? this.policy.rightsOf(subject);
  }

  /** Nothing that gives the right back gives this back. */
  private async refuseWithoutRight(id: string): Promise<never> {
    await this.endings.endUnlessEntitled(id, BY_ITSELF);
    throw new Unauthorized();
  }
}

/** The user's name and data, and what both may do. */
function principalOf({ state, user }: LiveImpersonation, actors: Rights, users: Rights): Principal {
  return {
    ...user,
    name: state.username,
    roles: users.roles,
    permissions: users.permissions.intersect(actors.permissions),
    permissionsByScope: users.permissionsByScope.intersect(actors.permissionsByScope),
    credential: { kind: 'impersonation', impersonationId: state.id, expiresAt: state.expiresAt },
    actor: { kind: 'user', id: state.actorId, name: state.actorName, role: actors.roles[0] },
  };
}
