import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { mintToken } from '../../src/kernel/crypto/index.js';
import { Database } from '../../src/kernel/database/index.js';
import { Entropy } from '../../src/kernel/runtime/index.js';
import { type Actor, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';

const LIMIT = 40;

describe('An address that guesses credentials', () => {
  let app: TestApp;
  let admin: Actor;
  let key: string;

  beforeAll(async () => {
    const rate = { anonymous: LIMIT, auth: 1_000, principal: 100_000, export: 1_000 };
    app = await startApp({ configuration: { rate } });
    admin = await setUp(app);
    key = (await admin.http.post('/auth/api-keys', {})).body.key;
    await app.http.as(key).get('/auth/me');
    // A window that ends while the test counts would count anew.
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 15_000) await new Promise((resolve) => setTimeout(resolve, left + 50));
  }, 60_000);
  afterAll(() => app?.close());

  const guessedKey = () => mintToken('usr', app.get(Entropy));
  const guessedToken = () =>
    new SignJWT({ sub: admin.id })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'guessed' })
      .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

  it('is turned away before anything is looked up, and those whom the service knows are not', async () => {
    for (let i = 0; i < LIMIT; i += 1)
      expect((await app.http.as(guessedKey()).get('/users')).status).toBe(401);

    const before = app.get(Database).queriesIssued;
    for (let i = 0; i < 60; i += 1) {
      const refused = await app.http.as(guessedKey()).get('/users');
      expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await app.http.as(await guessedToken()).get('/users')).status).toBe(429);
    // Reads of the change feed and of the clock may fall into the time, but no query per guess.
    expect(app.get(Database).queriesIssued - before).toBeLessThan(20);

    for (let i = 0; i < LIMIT + 10; i += 1) {
      expect((await admin.http.get('/users')).status).toBe(200);
      expect((await app.http.as(key).get('/users')).status).toBe(200);
    }
  });

  it('does not shut out a session that has just changed, but one that has ended', async () => {
    const path = `/users/${admin.id}`;
    expect((await admin.http.post('/auth/reauthenticate', { password: admin.password })).status).toBe(200);
    expect((await admin.http.get(path)).status).toBe(200);
    await admin.http.post('/auth/logout');
    expect((await admin.http.get(path)).status).toBe(429);
  });
});
