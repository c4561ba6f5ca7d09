import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../secret.js';

/** The public half as published in a key set (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

/** A P-256 key pair that signs access tokens; `kid` is its RFC 7638 thumbprint, so it names this key and no other. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return signingKeyOf(privateKey);
}

/** The private half as PKCS #8 PEM, to be stored encrypted. */
export function exportSigningKey(key: SigningKey): Secret {
  return new Secret(key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Reads what `exportSigningKey` wrote. @throws when it is not a P-256 private key. */
export function importSigningKey(pem: Secret): SigningKey {
  return signingKeyOf(createPrivateKey(pem.reveal()));
}

/** SPKI PEM of a published key, the form verifiers take. @throws when the point is not on the curve. */
export function publicKeyPem(jwk: PublicJwk): string {
  return createPublicKey({ key: { ...jwk } satisfies JsonWebKey, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) {
    throw new TypeError('Access tokens are signed with P-256 keys');
  }
  const kid = thumbprint(x, y);
  return { kid, privateKey, publicJwk: { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } };
}

/** RFC 7638: SHA-256 of the required members in alphabetical order. */
function thumbprint(x: string, y: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url');
}
