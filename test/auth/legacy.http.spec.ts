import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Secret } from '../../src/kernel/crypto/index.js';
import {
  backfillUserSessions,
  BACKFILL_MARKER,
} from '../../src/modules/auth/legacy/backfill-user-sessions.js';
import { PASSWORD, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';

const SECRET = 'the-secret-of-the-former-system-0123456789';

describe('Access tokens of the former system', () => {
  let app: TestApp;
  let strict: TestApp;
  beforeAll(async () => {
    app = await startApp({
      configuration: { acceptLegacyTokens: true, legacyJwtSecret: new Secret(SECRET) },
    });
    strict = await startApp({
      replicaOf: app,
      configuration: { acceptLegacyTokens: false, legacyJwtSecret: undefined },
    });
  });
  afterAll(async () => {
    await strict.close();
    await app.close();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const legacy = (claims: Record<string, unknown>, { secret = SECRET, alg = 'HS256' } = {}) =>
    new SignJWT({ iat: now(), exp: now() + 600, ...claims })
      .setProtectedHeader({ alg, typ: 'JWT' })
      .sign(new TextEncoder().encode(secret));
  const me = (token: string, at: TestApp = app) => at.http.as(token).get('/auth/me');

  it('are accepted by id or name, only while told to', async () => {
    const { id } = await person(app, 'ada');
    for (const sub of [id, 'ada', 'Ada']) {
      const token = await legacy({ sub });
      const { status, body } = await me(token);
      expect(status).toBe(200);
      expect(body).toMatchObject({ principal: { kind: 'user', id, name: 'ada' }, roles: ['member'] });
      expect(body.session).toBeUndefined();
      expect((await me(token)).status).toBe(200);
      expect((await me(token, strict)).status).toBe(401);
    }
  });

  it('do not keep our own from being accepted', async () => {
    await person(app, 'bea');
    const { accessToken } = await signIn(app, 'bea');
    expect((await me(accessToken)).status).toBe(200);
  });

  it('are refused when expired, of another kind, with a session, wrongly signed, or of nobody', async () => {
    const { id } = await person(app, 'cleo');
    const keys = (await app.http.get('//.well-known/jwks.json')).body.keys;
    const refused = [
      legacy({ sub: id, iat: now() - 900, exp: now() - 1 }),
      legacy({ sub: id, exp: undefined }),
      legacy({ sub: id, type: 'refresh' }),
      legacy({ sub: id, sid: randomUUID() }),
      legacy({ sub: id }, { secret: 'another-secret-of-the-same-length-012345' }),
      legacy({ sub: id }, { alg: 'HS512' }),
      legacy({ sub: id }, { secret: JSON.stringify(keys[0]) }),
      legacy({ sub: 'nobody' }),
      legacy({ sub: 'cleo@example.com' }),
      legacy({}),
    ];
    const statuses = await Promise.all(refused.map(async (token) => (await me(await token)).status));
    expect(statuses).toEqual(refused.map(() => 401));
  });

  it('end with the user and with a new password', async () => {
    const { id } = await person(app, 'dora');
    const token = await legacy({ sub: id });
    expect((await me(token)).status).toBe(200);
    const change = { currentPassword: PASSWORD, newPassword: 'marble owl counts nine rivers' };
    const http = app.http.as(await signIn(app, 'dora'));
    expect((await http.post('/auth/password/change', change)).status).toBe(204);
    expect((await me(token)).status).toBe(401);
    expect((await http.get('/auth/me')).status).toBe(200);
  });

  it('never stand for somebody who has the name only since', async () => {
    const { id } = await person(app, 'newcomer');
    const before = await legacy({ sub: 'newcomer', iat: now() - 2 * 24 * 3600 });
    expect((await me(before)).status).toBe(401);
    expect((await me(await legacy({ sub: 'newcomer' }))).body.principal.id).toBe(id);
    await person(app, 'invited', { passwordHash: null });
    expect((await me(await legacy({ sub: 'invited' }))).status).toBe(401);
  });

  it('prove nothing about who is there now', async () => {
    const { id } = await person(app, 'ella');
    const http = app.http.as(await legacy({ sub: id }));
    expect((await http.post('/auth/reauthenticate', { password: PASSWORD })).status).toBe(403);
    expect((await http.get('/auth/sessions')).status).toBe(200);
    expect((await http.post('/auth/logout')).status).toBe(204);
  });
});

describe('Sessions of the former system', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());

  const backfill = async (options = {}) => {
    const client = new Client({ connectionString: app.database.ownerUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      const copied = await backfillUserSessions((text, values) => client.query(text, values), options);
      await client.query('COMMIT');
      return copied;
    } finally {
      await client.end();
    }
  };
  const legacySession = async (userId: string, deviceInfo: string | null, revoked = false) => {
    const id = randomUUID();
    await sql(
      app,
      `INSERT INTO user_sessions (id, user_id, refresh_token_hash, device_info, created_at, expires_at, revoked_at)
       VALUES ($1, $2, $3, $4, '2026-01-01', '2036-01-01', CASE WHEN $5 THEN now() END)`,
      [id, userId, id.replaceAll('-', ''), deviceInfo, revoked],
    );
    return id;
  };

  it('were looked for by the migration, which says so', async () => {
    const rows = await sql(app, 'SELECT value FROM auth_meta WHERE key = $1', [BACKFILL_MARKER]);
    expect(rows).toEqual([{ value: 'done, 0 copied' }]);
  });

  it('are copied once, with their ids, whatever their device said', async () => {
    const { id } = await person(app, 'ada');
    const whole = await legacySession(
      id,
      '{"fingerprint":"f1","label":"Phone","ip":"203.0.113.7","user_agent":"Curl"}',
    );
    const broken = await legacySession(id, '{"fingerprint": ');
    const odd = await legacySession(id, '{"fingerprint": 5, "label": null}');
    const none = await legacySession(id, null);
    await legacySession(id, null, true);
    await legacySession(randomUUID(), null);
    expect(await backfill()).toBe(0);
    await sql(app, 'DELETE FROM auth_meta WHERE key = $1', [BACKFILL_MARKER]);
    expect(await backfill()).toBe(4);
    expect(await backfill()).toBe(0);
    const rows = await sql(
      app,
      `SELECT id, family_id = id AS own, device_fingerprint, device_label, ip, user_agent, auth_provider,
         last_active_at = created_at AS untouched FROM auth_sessions`,
    );
    const defaults = {
      device_fingerprint: 'unknown',
      device_label: 'Unknown device',
      ip: null,
      user_agent: null,
    };
    const common = { own: true, auth_provider: 'local', untouched: true };
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        {
          id: whole,
          ...common,
          device_fingerprint: 'f1',
          device_label: 'Phone',
          ip: '203.0.113.7',
          user_agent: 'Curl',
        },
        ...[broken, odd, none].map((session) => ({ id: session, ...common, ...defaults })),
      ]),
    );
  });

  it('are left alone when there are sessions already, unless they are merged', async () => {
    const { id } = await person(app, 'bea');
    await signIn(app, 'bea');
    await legacySession(id, null);
    await sql(app, 'DELETE FROM auth_meta WHERE key = $1', [BACKFILL_MARKER]);
    expect(await backfill()).toBe(0);
    expect(await sql(app, 'SELECT 1 FROM auth_meta WHERE key = $1', [BACKFILL_MARKER])).toHaveLength(1);
    await sql(app, 'DELETE FROM auth_meta WHERE key = $1', [BACKFILL_MARKER]);
    expect(await backfill({ mergesIntoExisting: true })).toBe(1);
  });
});
