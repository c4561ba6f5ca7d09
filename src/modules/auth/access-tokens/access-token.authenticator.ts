import { Injectable } from '@nestjs/common';
import { Authenticator, Policy } from '../../../kernel/access/index.js';
import { readJwtHeader } from '../../../kernel/crypto/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { KeySet } from '../signing-keys/key-set.js';
import { type AccessTokenClaims, TOKEN_TYPE } from './access-token-claims.js';
import { AccessTokenStrategy, type PresentedToken } from './access-token.strategy.js';
import { ExactTokens } from './exact-tokens.js';
import { passportVerdict } from './passport-verdict.js';
import { SessionStates } from './session-states.js';
import { VerifiedToken } from './verified-token.js';

const MOST_TOKENS = 50_000;

/**
 * Access tokens. passport-jwt verifies a token the first time this process sees it; from then on its exact text is
 * recognised, and expiry, key, session, user, tenant and rights are looked at on every request, in memory. Nothing that
 * was remembered counts while changes cannot be read: then every request asks the database.
 */
@Injectable()
export class AccessTokenAuthenticator extends Authenticator {
  private readonly verified = new ExactTokens<VerifiedToken>(MOST_TOKENS);

  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly keys: KeySet,
    private readonly sessions: SessionStates,
    private readonly policy: Policy,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A JWT begins with the base64url of `{"`. */
  recognises(token: string): boolean {
    return token.startsWith('eyJ');
  }

  authenticate(token: string): Principal | Promise<Principal> {
    const known = this.verified.get(token);
    if (known === undefined) return this.authenticateNew(token);
    const now = this.clock.nowMs();
    if (now >= known.endsAtMs) return this.refuse(token);
    if (known.keyGeneration !== this.keys.generation || !this.keys.isTrusted)
      return this.authenticateAgain(token, known);
    const live = this.sessions.peek(known.sessionId, now);
    if (live === undefined) return this.principalAgain(token, known);
    const rights = this.policy.peekRights(live.subject);
    return rights === undefined ? this.principalAgain(token, known) : known.principalFor(live.state, rights);
  }

  knows(token: string): boolean {
    return (this.verified.get(token)?.endsAtMs ?? 0) > this.clock.nowMs();
  }

  private async authenticateNew(token: string): Promise<Principal> {
    const header = readJwtHeader(token);
    if (header?.alg !== 'ES256' || header.typ !== TOKEN_TYPE || header.kid === undefined)
      throw new Unauthorized();
    const key = await this.keys.verifier(header.kid);
    if (key === null) throw new Unauthorized();
    const { generation } = this.keys;
    const claims = await passportVerdict<PresentedToken, AccessTokenClaims>(this.strategy, { token, key });
    const verified = new VerifiedToken(claims, key, generation);
    const principal = await this.principalOf(verified);
    this.verified.add(token, verified);
    return principal;
  }

  /** The set of keys has changed, or has not been read for a while: this token's key must still be in it. */
  private async authenticateAgain(token: string, known: VerifiedToken): Promise<Principal> {
    const key = await this.keys.verifier(known.key.kid);
    if (key === null) return this.refuse(token);
    known.verifiedBy(key, this.keys.generation);
    return this.principalAgain(token, known);
  }

  /** A token whose session is over is as good as one that was never seen. */
  private async principalAgain(token: string, known: VerifiedToken): Promise<Principal> {
    try {
      return await this.principalOf(known);
    } catch (error) {
      if (error instanceof Unauthorized) this.verified.drop(token);
      throw error;
    }
  }

  private async principalOf(token: VerifiedToken): Promise<Principal> {
    const { state, subject } = await this.sessions.get(token.sessionId);
    const { sub, tid } = token.claims;
    if (state.userId !== sub || state.tenantId !== tid) throw new Unauthorized();
    return token.principalFor(
      state,
      this.policy.peekRights(subject) ?? (await this.policy.rightsOf(subject)),
    );
  }

  private refuse(token: string): never {
    this.verified.drop(token);
    throw new Unauthorized();
  }
}
