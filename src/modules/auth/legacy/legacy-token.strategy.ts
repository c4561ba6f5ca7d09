import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock, Configuration, Entropy } from '../../../kernel/runtime/index.js';
import { type LegacyClaims, readLegacyClaims } from './legacy-claims.js';

export interface PresentedLegacyToken {
  readonly token: string;
}

/** Signature of a token of the former system. It knows one algorithm and one secret, and neither is used elsewhere. */
@Injectable()
export class LegacyTokenStrategy extends PassportStrategy(Strategy, 'legacy-token') {
  constructor(
    configuration: Configuration,
    entropy: Entropy,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: ({ token }: PresentedLegacyToken) => token,
      // Nobody asks while such tokens are not accepted; the strategy wants a secret all the same.
      secretOrKey: configuration.legacyJwtSecret?.reveal() ?? entropy.bytes(32).toString('hex'),
      algorithms: ['HS256'],
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    } as never);
  }

  validate(payload: unknown): LegacyClaims {
    const claims = readLegacyClaims(payload, this.clock.nowMs());
    if (claims === null) throw new Unauthorized();
    return claims;
  }
}
