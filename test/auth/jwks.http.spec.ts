import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Secret } from '../../src/kernel/crypto/index.js';
import { Clock } from '../../src/kernel/runtime/index.js';
import { KeySet } from '../../src/modules/auth/signing-keys/key-set.js';
import { SigningKeys } from '../../src/modules/auth/signing-keys/signing-keys.js';
import { type TokenPair, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';
import { asSystem } from './stage.js';

const me = (app: TestApp, accessToken: string) =>
  app.http
    .as(accessToken)
    .get('/auth/me')
    .then(({ status }) => status);

describe('Signing keys', () => {
  let app: TestApp;
  let tokens: TokenPair;
  beforeAll(async () => {
    app = await startApp();
    await person(app, 'ada');
    tokens = await signIn(app, 'ada');
  });
  afterAll(() => app.close());

  it('are published, public halves only, and verify our tokens elsewhere', async () => {
    const { status, headers, body } = await app.http.get('//.well-known/jwks.json');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(body.keys).toHaveLength(1);
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const { publicUrl } = app.configuration;
    await jwtVerify(tokens.accessToken, createLocalJWKSet(body), {
      issuer: publicUrl,
      audience: publicUrl,
      typ: 'at+jwt',
    });
  });

  it('lie encrypted in the table', async () => {
    const [{ key }] = await sql<{ key: Buffer }>(app, 'SELECT private_key AS key FROM signing_keys');
    expect(key.toString('latin1')).not.toContain('PRIVATE KEY');
    expect(() => createPrivateKey(key)).toThrow();
  });

  it('are one, however many processes start at once on an empty table', async () => {
    await sql(app, 'DELETE FROM signing_keys');
    const others = await Promise.all(Array.from({ length: 4 }, () => startApp({ replicaOf: app })));
    try {
      expect(await sql(app, 'SELECT kid FROM signing_keys')).toHaveLength(1);
      await app.get(KeySet).reload();
      tokens = await signIn(app, 'ada');
      for (const other of others) expect(await me(other, tokens.accessToken)).toBe(200);
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it('change over without anybody noticing', async () => {
    const before = decodeProtectedHeader(tokens.accessToken).kid;
    const next = await asSystem(() => app.get(SigningKeys).rotate());
    await app.get(KeySet).reload();
    const published = (await app.http.get('//.well-known/jwks.json')).body.keys.map(
      ({ kid }: { kid: string }) => kid,
    );
    expect(new Set(published)).toEqual(new Set([before, next]));
    expect(decodeProtectedHeader((await signIn(app, 'ada')).accessToken).kid).toBe(before);
    await sql(app, `UPDATE signing_keys SET signs_from = signs_from - interval '121 seconds'`);
    await app.get(KeySet).reload();
    const fresh = await signIn(app, 'ada');
    expect(decodeProtectedHeader(fresh.accessToken).kid).toBe(next);
    for (const { accessToken } of [tokens, fresh]) expect(await me(app, accessToken)).toBe(200);
    await sql(app, `UPDATE signing_keys SET verifies_until = now() - interval '1 second' WHERE kid = $1`, [
      before,
    ]);
    await app.get(KeySet).reload();
    expect(await me(app, tokens.accessToken)).toBe(401);
    expect(await me(app, fresh.accessToken)).toBe(200);
    await asSystem(() => app.get(SigningKeys).maintain());
    expect(await sql(app, 'SELECT kid FROM signing_keys')).toEqual([{ kid: next }]);
    expect(await sql(app, `SELECT resource_id FROM audit_entries WHERE action = 'key.rotate'`)).toEqual([
      { resource_id: next },
    ]);
    expect(await sql(app, `SELECT resource_id FROM audit_entries WHERE action = 'key.remove'`)).toEqual([
      { resource_id: before },
    ]);
    tokens = fresh;
  });

  it('put their beginning on record, each first one once', async () => {
    const created = await sql(app, `SELECT actor_kind FROM audit_entries WHERE action = 'key.create'`);
    // The one of the start, and the one that was made when the table had been emptied.
    expect(created).toEqual([{ actor_kind: 'system' }, { actor_kind: 'system' }]);
  });

  it('refuse their tokens from their end on, those just used as well', async () => {
    const { accessToken } = await signIn(app, 'ada');
    expect(await me(app, accessToken)).toBe(200);
    await sql(app, `UPDATE signing_keys SET verifies_until = now() + interval '1500 milliseconds'`);
    await app.get(KeySet).reload();
    expect(await me(app, accessToken)).toBe(200);
    await pause(1_600);
    expect(await me(app, accessToken)).toBe(401);
    await sql(app, 'UPDATE signing_keys SET verifies_until = NULL');
    await app.get(KeySet).reload();
  });

  it('outlive the root of the key ring, once they were wrapped anew', async () => {
    const oldRoot = app.configuration.secretKey as Secret;
    const secretKey = new Secret('the-root-that-follows-which-only-tests-use-01');
    const turning = await startApp({
      replicaOf: app,
      configuration: { secretKey, secretKeysPrevious: [oldRoot] },
    });
    await asSystem(() => turning.get(SigningKeys).maintain());
    await turning.close();

    const turned = await startApp({ replicaOf: app, configuration: { secretKey, secretKeysPrevious: [] } });
    try {
      const { accessToken } = await signIn(turned, 'ada');
      expect(await me(turned, accessToken)).toBe(200);
      expect(await me(turned, tokens.accessToken)).toBe(200);
    } finally {
      await turned.close();
    }
    // So that the other process can go on.
    await asSystem(() => app.get(KeySet).reload());
  });

  it('rotate once when several ask at once', async () => {
    const [{ kid }] = await sql<{ kid: string }>(
      app,
      'SELECT kid FROM signing_keys WHERE verifies_until IS NULL',
    );
    const made = await Promise.all([1, 2, 3, 4].map(() => asSystem(() => app.get(SigningKeys).rotate(kid))));
    expect(made.filter((next) => next !== null)).toHaveLength(1);
  });

  it('cost at most one look-up a second for names nobody knows', async () => {
    const keys = app.get(KeySet);
    const reload = jest.spyOn(keys, 'reload');
    const began = performance.now();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        new SignJWT(decodeJwt(tokens.accessToken))
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: `unknown-${i}` })
          .sign(privateKey),
      ),
    );
    expect(new Set(await Promise.all(forged.map((token) => me(app, token))))).toEqual(new Set([401]));
    // The set is read every 15 seconds as well.
    expect(reload.mock.calls.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 1000);
    reload.mockRestore();
  });

  it('that are taken out of the table are refused within a minute', async () => {
    const { accessToken } = await signIn(app, 'ada');
    const kid = decodeProtectedHeader(accessToken).kid;
    expect(await me(app, accessToken)).toBe(200);
    const [row] = await sql(app, 'DELETE FROM signing_keys WHERE kid = $1 RETURNING *', [kid]);
    const clock = app.get(Clock);
    const real = clock.monotonicMs.bind(clock);
    const later = jest.spyOn(clock, 'monotonicMs').mockImplementation(() => real() + 51_000);
    expect(await me(app, accessToken)).toBe(401);
    later.mockRestore();
    expect(row).toBeDefined();
  });
});

describe('Access tokens', () => {
  let app: TestApp;
  let token: string;
  let key: import('jose').CryptoKey | Awaited<ReturnType<typeof createPrivateKey>>;
  let kid: string;
  beforeAll(async () => {
    app = await startApp();
    await person(app, 'ada');
    token = (await signIn(app, 'ada')).accessToken;
    ({ privateKey: key, kid } = app.get(KeySet).signer());
  });
  afterAll(() => app.close());

  const signed = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    new SignJWT({ ...decodeJwt(token), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
      .sign(key);

  it('are accepted as they are made', async () => {
    expect(await me(app, token)).toBe(200);
    expect(await me(app, await signed({}))).toBe(200);
  });

  it('are refused with any claim or header that is not ours', async () => {
    const now = Math.floor(Date.now() / 1000);
    const refused: [string, Promise<string>][] = [
      ['another issuer', signed({ iss: 'https://elsewhere.example' })],
      ['another audience', signed({ aud: 'https://elsewhere.example' })],
      ['no audience', signed({ aud: undefined })],
      ['expired', signed({ iat: now - 1000, exp: now - 1 })],
      ['no expiry', signed({ exp: undefined })],
      ['expiry as text', signed({ exp: String(now + 100) })],
      ['a fraction for an expiry', signed({ exp: now + 100.5 })],
      ['not valid yet', signed({ nbf: now + 120 })],
      ['issued in the future', signed({ iat: now + 120, exp: now + 500 })],
      ['another client', signed({ client_id: 'other' })],
      ['another type', signed({}, { typ: 'JWT' })],
      ['no type', signed({}, { typ: undefined })],
      ['another subject', signed({ sub: '01890a5d-ac96-774b-bcce-b302099a8057' })],
      ['another tenant', signed({ tid: '01890a5d-ac96-774b-bcce-b302099a8057' })],
      ['an unknown session', signed({ sid: '01890a5d-ac96-774b-bcce-b302099a8057' })],
      ['a strange key name', signed({}, { kid: '../../etc/passwd' })],
      ['a key of its own', signed({}, { jwk: { kty: 'EC' } })],
      ['no signature', Promise.resolve(new UnsecuredJWT(decodeJwt(token)).encode())],
    ];
    for (const [what, made] of refused) expect([what, await me(app, await made)]).toEqual([what, 401]);
  });

  it('are refused in any other spelling', async () => {
    const [header, payload, signature] = token.split('.');
    const last = signature.slice(-1);
    const spellings = [
      `${header}.${payload}.${signature}=`,
      `${header}.${payload}.${signature.slice(0, -1)}${String.fromCharCode(last.charCodeAt(0) + 1)}`,
      `${header}.${payload}. ${signature}`,
      `${header}.${payload}.`,
      `${header}..${signature}`,
      `${token}.x`,
    ];
    for (const spelling of spellings) expect([spelling, await me(app, spelling)]).toEqual([spelling, 401]);
  });

  it('stop working when their time is over, also when they were just used', async () => {
    const now = Math.floor(Date.now() / 1000);
    const short = await signed({ exp: now + 2 });
    expect(await me(app, short)).toBe(200);
    await pause(2_100);
    expect(await me(app, short)).toBe(401);
  });
});
