import { sign } from 'node:crypto';
import type { SigningKey } from './signing-key.js';

/** Claims as JSON holds them; times in whole seconds since 1970 (RFC 7519 NumericDate). */
export type JwtClaims = Readonly<
  Record<string, string | number | boolean | readonly string[] | object | undefined>
>;

/**
 * A compact ES256 JWS over the claims, with the header `{alg, typ, kid}`; access tokens are `at+jwt` (RFC 9068). Its
 * spelling passes `isCanonicalJwt`. One signature costs some tens of microseconds, so it stays on the event loop.
 */
export function signJwt(claims: JwtClaims, key: SigningKey, typ = 'at+jwt'): string {
  const header = { alg: 'ES256', typ, kid: key.kid };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(signed, 'ascii'), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${signed}.${signature.toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
