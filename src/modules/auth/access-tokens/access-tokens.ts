import { Injectable } from '@nestjs/common';
import { signJwt } from '../../../kernel/crypto/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import type { AccessTokenView } from '../sessions/token-pair.dto.js';
import { KeySet } from '../signing-keys/key-set.js';
import { ACTOR_TOKEN_TYPE, CLIENT_ID } from './access-token-claims.js';

/** What an access token says about the session it is for. */
export interface TokenSession {
  readonly id: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
}

/** Makes access tokens: JWTs after RFC 9068, signed with ES256. They carry no rights, so no right outlives its loss. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: KeySet,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  mint(session: TokenSession): AccessTokenView {
    const { accessTtlSeconds } = this.configuration;
    const claims = this.claimsOf(session, seconds(this.clock.nowMs()) + accessTtlSeconds);
    return {
      accessToken: signJwt(claims, this.keys.signer()),
      tokenType: 'Bearer',
      expiresIn: accessTtlSeconds,
    };
  }

  /** For somebody who acts as the user until then, and is named in `act` (RFC 8693 §4.1). */
  mintForActor(session: TokenSession, actorId: string, expiresAt: Date): string {
    const claims = { ...this.claimsOf(session, seconds(expiresAt.getTime())), act: { sub: actorId } };
    return signJwt(claims, this.keys.signer(), ACTOR_TOKEN_TYPE);
  }

  private claimsOf(session: TokenSession, expiresAt: number) {
    const { publicUrl } = this.configuration;
    return {
      iss: publicUrl,
      aud: publicUrl,
      sub: session.userId,
      client_id: CLIENT_ID,
      sid: session.id,
      tid: session.tenantId,
      iat: seconds(this.clock.nowMs()),
      exp: expiresAt,
      jti: this.ids.next(),
      amr: session.amr,
      auth_time: seconds(session.authenticatedAt.getTime()),
    };
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
