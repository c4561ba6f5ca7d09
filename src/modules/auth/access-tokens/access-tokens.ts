import { Injectable } from '@nestjs/common';
import { signJwt } from '../../../kernel/crypto/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import type { AccessTokenView } from '../sessions/token-pair.dto.js';
import { KeySet } from '../signing-keys/key-set.js';
import { CLIENT_ID } from './access-token-claims.js';

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
    const { publicUrl, accessTtlSeconds } = this.configuration;
    const issuedAt = seconds(this.clock.nowMs());
    const claims = {
      iss: publicUrl,
      aud: publicUrl,
      sub: session.userId,
      client_id: CLIENT_ID,
      sid: session.id,
      tid: session.tenantId,
      iat: issuedAt,
      exp: issuedAt + accessTtlSeconds,
      jti: this.ids.next(),
      amr: session.amr,
      auth_time: seconds(session.authenticatedAt.getTime()),
    };
    return {
      accessToken: signJwt(claims, this.keys.signer()),
      tokenType: 'Bearer',
      expiresIn: accessTtlSeconds,
    };
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
