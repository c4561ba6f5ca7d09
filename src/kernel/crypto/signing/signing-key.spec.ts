import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import { verify } from 'jsonwebtoken';
import { Secret } from '../secret.js';
import { signJwt } from './sign-jwt.js';
import { exportSigningKey, generateSigningKey, importSigningKey, publicKeyPem } from './signing-key.js';

describe('signing keys', () => {
  it('sign tokens that an independent verifier accepts by the published key', async () => {
    const key = await generateSigningKey();
    const token = signJwt({ iss: 'https://reeve.example', sub: 'u1', left: undefined }, key);

    const { payload, protectedHeader } = await jwtVerify(token, await importJWK(key.publicJwk), {
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(payload).toEqual({ iss: 'https://reeve.example', sub: 'u1' });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
  });

  it('publish a PEM that verifiers of the passport family take', async () => {
    const key = await generateSigningKey();
    const token = signJwt({ sub: 'u1' }, key);

    expect(verify(token, publicKeyPem(key.publicJwk), { algorithms: ['ES256'] })).toMatchObject({
      sub: 'u1',
    });
    const other = await generateSigningKey();
    expect(() => verify(token, publicKeyPem(other.publicJwk), { algorithms: ['ES256'] })).toThrow();
  });

  it('are named by their thumbprint and publish no private part', async () => {
    const { kid, publicJwk } = await generateSigningKey();

    expect(kid).toBe(await calculateJwkThumbprint(publicJwk));
    expect(kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('come back the same from storage', async () => {
    const key = await generateSigningKey();

    expect(importSigningKey(exportSigningKey(key)).publicJwk).toEqual(key.publicJwk);
  });

  it('are P-256 keys and no others', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

    expect(() => importSigningKey(new Secret(pem))).toThrow(TypeError);
  });
});
