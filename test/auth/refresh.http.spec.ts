import { signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const move = (app: TestApp, column: string, seconds: number, sessionId: string) =>
  sql(app, `UPDATE auth_sessions SET ${column} = $1 WHERE id = $2`, [ago(seconds), sessionId]);
const factsOf = async (app: TestApp, userId: string) =>
  (
    await sql<{ action: string }>(
      app,
      `SELECT action FROM audit_entries WHERE detail::jsonb->>'userId' = $1 AND action NOT IN ('session.start') ORDER BY id`,
      [userId],
    )
  ).map(({ action }) => action);

describe('Refreshing a session', () => {
  let app: TestApp;
  let replica: TestApp;
  beforeAll(async () => {
    app = await startApp();
    replica = await startApp({ replicaOf: app });
  });
  afterAll(async () => {
    await replica.close();
    await app.close();
  });
  const refresh = (refreshToken: string, at: TestApp = app) =>
    at.http.post('/auth/refresh', { refreshToken });

  it('gives a new pair and leaves access tokens of earlier rotations working', async () => {
    await person(app, 'ada');
    const first = await signIn(app, 'ada');
    const { status, body: second } = await refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(Object.keys(second).sort()).toEqual(Object.keys({ ...first }).sort());
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.sessionId).not.toBe(first.sessionId);
    for (const tokens of [first, second])
      expect((await app.http.as(tokens).get('/auth/me')).status).toBe(200);
    const [row] = await sql(app, 'SELECT revoked, revoked_reason FROM auth_sessions WHERE id = $1', [
      first.sessionId,
    ]);
    expect(row).toEqual({ revoked: true, revoked_reason: 'rotated' });
  });

  it('gives the same successor again within the grace, also from another replica', async () => {
    await person(app, 'bea');
    const first = await signIn(app, 'bea');
    const once = (await refresh(first.refreshToken)).body;
    const again = (await refresh(first.refreshToken, replica)).body;
    expect([again.refreshToken, again.sessionId]).toEqual([once.refreshToken, once.sessionId]);
    expect((await app.http.as(again).get('/auth/me')).status).toBe(200);
  });

  it('has one successor for a token spent by 100 requests on two replicas', async () => {
    const { id } = await person(app, 'cleo');
    for (let round = 0; round < 3; round += 1) {
      const first = await signIn(app, 'cleo');
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => refresh(first.refreshToken, i % 2 === 0 ? app : replica)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    }
    const [{ rows, live }] = await sql<{ rows: number; live: number }>(
      app,
      'SELECT count(*)::int AS rows, (count(*) FILTER (WHERE NOT revoked))::int AS live FROM auth_sessions WHERE user_id = $1',
      [id],
    );
    expect({ rows, live }).toEqual({ rows: 6, live: 3 });
  });

  it('ends the session when a token comes again after the grace', async () => {
    const { id } = await person(app, 'dora');
    const first = await signIn(app, 'dora');
    const second = (await refresh(first.refreshToken)).body;
    await move(app, 'revoked_at', 31, first.sessionId);
    const reuse = await refresh(first.refreshToken);
    expect([reuse.status, reuse.body.code]).toEqual([401, 'invalid_refresh_token']);
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect((await app.http.as(second).get('/auth/me')).status).toBe(401);
    const [row] = await sql(app, 'SELECT revoked_reason FROM auth_sessions WHERE id = $1', [
      second.sessionId,
    ]);
    expect(row.revoked_reason).toBe('reuse_detected');
    expect(await factsOf(app, id)).toEqual([
      'session.refresh',
      'session.revoke',
      'session.reuse_detected',
      'security.refresh_reuse',
    ]);
    // Presented once more there is nothing left to end.
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect(await factsOf(app, id)).toHaveLength(4);
  });

  it('ends the session when a token comes again after its successor was used, also within the grace', async () => {
    await person(app, 'ella');
    const first = await signIn(app, 'ella');
    const second = (await refresh(first.refreshToken)).body;
    const third = (await refresh(second.refreshToken)).body;
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
    expect((await app.http.as(third).get('/auth/me')).status).toBe(401);
  });

  it('tells reuse from many sides once', async () => {
    const { id } = await person(app, 'fay');
    const first = await signIn(app, 'fay');
    await refresh(first.refreshToken);
    await move(app, 'revoked_at', 60, first.sessionId);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => refresh(first.refreshToken, i % 2 ? app : replica)),
    );
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    expect(await factsOf(app, id)).toEqual([
      'session.refresh',
      'session.revoke',
      'session.reuse_detected',
      'security.refresh_reuse',
    ]);
  });

  it('leaves no live row behind when a session is ended while it is being refreshed', async () => {
    const { id } = await person(app, 'gina');
    for (let round = 0; round < 10; round += 1) {
      const tokens = await signIn(app, 'gina');
      await Promise.all([
        refresh(tokens.refreshToken, replica),
        app.http.as(tokens).post('/auth/logout'),
        refresh(tokens.refreshToken),
      ]);
      const live = await sql(app, 'SELECT id FROM auth_sessions WHERE user_id = $1 AND NOT revoked', [id]);
      expect(live).toEqual([]);
    }
  });

  it('refuses what is idle too long, too old, ended, of a disabled user, of another kind or made up', async () => {
    const { id } = await person(app, 'hana');
    const fresh = () => signIn(app, 'hana');
    const day = 24 * 3600;
    const idle = await fresh();
    await move(app, 'last_active_at', 14 * day + 1, idle.sessionId);
    const old = await fresh();
    await move(app, 'expires_at', 1, old.sessionId);
    const ended = await fresh();
    await app.http.as(ended).post('/auth/logout');
    const flipped = ended.refreshToken.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a'));
    const refused = [
      idle.refreshToken,
      old.refreshToken,
      ended.refreshToken,
      ended.accessToken,
      flipped,
      'rv_ref_x',
      'x',
    ];
    const bodies = new Set<string>();
    for (const token of refused) {
      const { status, body } = await refresh(token);
      expect(status).toBe(401);
      bodies.add(JSON.stringify({ ...body, requestId: '' }));
    }
    const usable = await fresh();
    await sql(app, 'UPDATE users SET is_active = false WHERE id = $1', [id]);
    expect((await refresh(usable.refreshToken)).status).toBe(401);
    expect(bodies.size).toBe(1);
  });

  it('does not move the absolute end', async () => {
    await person(app, 'iris');
    const first = await signIn(app, 'iris');
    await move(app, 'expires_at', -60, first.sessionId);
    const { body: second } = await refresh(first.refreshToken);
    expect(Date.parse(second.refreshExpiresAt) - Date.now()).toBeLessThan(61_000);
  });

  it('accepts the former system’s tokens only while told to', async () => {
    const { id } = await person(app, 'jo');
    const { createHash, randomUUID } = await import('node:crypto');
    const lenient = await startApp({ replicaOf: app, configuration: { acceptLegacyTokens: true } });
    try {
      const token = 'a'.repeat(64);
      const session = randomUUID();
      await sql(
        app,
        `INSERT INTO auth_sessions (id, tenant_id, user_id, family_id, refresh_token_hash, authenticated_at, created_at, last_active_at, expires_at)
         SELECT $1, tenant_id, id, $1, $2, now(), now(), now(), now() + interval '1 day' FROM users WHERE id = $3`,
        [session, createHash('sha256').update(token).digest('hex'), id],
      );
      expect((await refresh(token)).status).toBe(401);
      const { status, body } = await refresh(token, lenient);
      expect(status).toBe(200);
      expect(body.refreshToken).toMatch(/^rv_ref_/);
      expect((await app.http.as(body).get('/auth/me')).status).toBe(200);
    } finally {
      await lenient.close();
    }
  });
});

describe('A grace set by the operator', () => {
  it('is kept', async () => {
    const app = await startApp({ configuration: { refreshGraceSeconds: 0 } });
    try {
      await person(app, 'ada');
      const { refreshToken } = await signIn(app, 'ada');
      const first = (await app.http.post('/auth/refresh', { refreshToken })).body;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await app.http.post('/auth/refresh', { refreshToken })).status).toBe(401);
      expect((await app.http.post('/auth/refresh', { refreshToken: first.refreshToken })).status).toBe(401);
    } finally {
      await app.close();
    }
  });
});
