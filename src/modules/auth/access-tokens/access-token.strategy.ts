import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import type { VerificationKey } from '../signing-keys/key-set.js';
import { type AccessTokenClaims, readClaims } from './access-token-claims.js';

/** A token and the key that its header names. */
export interface PresentedToken {
  readonly token: string;
  readonly key: VerificationKey;
}

/** Signature, algorithm, issuer and audience of an access token. Its times are judged by our clock, not the machine's. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(
    configuration: Configuration,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: ({ token }: PresentedToken) => token,
      secretOrKeyProvider: (
        { key }: PresentedToken,
        _token: string,
        done: (error: null, pem: string) => void,
      ) => done(null, key.pem),
      algorithms: ['ES256'],
      issuer: configuration.publicUrl,
      audience: configuration.publicUrl,
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    } as never);
  }

  validate(payload: unknown): AccessTokenClaims {
    const claims = readClaims(payload, this.clock.nowMs());
    if (claims === null) throw new Unauthorized();
    return claims;
  }
}
