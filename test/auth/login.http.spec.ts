import { hash } from '@node-rs/bcrypt';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { PASSWORD } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';

describe('Signing in with a password', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());

  it('gives a pair of tokens and a session', async () => {
    const { id } = await person(app, 'ada');
    const { status, body, headers } = await app.http.post('/auth/login', {
      login: 'ada',
      password: PASSWORD,
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: expect.stringMatching(/^rv_ref_/),
      refreshExpiresAt: expect.any(String),
      sessionId: expect.any(String),
    });
    expect(headers.get('cache-control')).toContain('no-store');
    expect(decodeProtectedHeader(body.accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const { publicUrl } = app.configuration;
    const claims = {
      iss: publicUrl,
      aud: publicUrl,
      sub: id,
      sid: body.sessionId,
      client_id: 'reeve',
      amr: ['pwd'],
    };
    expect(decodeJwt(body.accessToken)).toMatchObject(claims);
    const [user] = await sql(app, 'SELECT last_login_at FROM users WHERE id = $1', [id]);
    expect(user.last_login_at).not.toBeNull();
  });

  describe('in any spelling', () => {
    beforeAll(() => person(app, 'bea'));
    it.each(['BEA@EXAMPLE.COM', ' bea@example.com ', 'BEA', 'ｂｅａ'])('knows %j', async (login) => {
      expect((await app.http.post('/auth/login', { login, password: PASSWORD })).status).toBe(200);
    });
  });

  it('answers unknown, wrong, disabled, unverified, deleted and not yet accepted alike, with the same work', async () => {
    await person(app, 'known');
    await person(app, 'disabled', { isActive: false });
    await person(app, 'unverified', { isVerified: false });
    await person(app, 'deleted', { isDeleted: true });
    await person(app, 'invited', { passwordHash: null });
    const tries = [
      { login: 'known', password: 'not the password' },
      { login: 'nobody', password: PASSWORD },
      { login: 'disabled', password: PASSWORD },
      { login: 'unverified', password: PASSWORD },
      { login: 'deleted', password: PASSWORD },
      { login: 'invited', password: PASSWORD },
    ];
    const seen = new Set<string>();
    for (const body of tries) {
      const answer = await app.http.post('/auth/login', body);
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('invalid_credentials');
      const { requestId: _id, ...rest } = answer.body;
      const names = [...answer.headers.keys()].filter((name) => name !== 'date');
      seen.add(JSON.stringify([rest, names]));
    }
    expect([...seen]).toHaveLength(1);
    const reasons = await sql<{ reason: string }>(
      app,
      `SELECT detail::jsonb->>'reason' AS reason FROM audit_entries WHERE action = 'user.login_failed' ORDER BY id`,
    );
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'wrong_password',
      'unknown_login',
      'disabled',
      'unverified',
      'unknown_login',
      'no_password',
    ]);
  });

  it('upgrades an imported bcrypt hash', async () => {
    const { id } = await person(app, 'old', { passwordHash: await hash(PASSWORD, 4) });
    expect((await app.http.post('/auth/login', { login: 'old', password: PASSWORD })).status).toBe(200);
    const [{ password_hash: stored }] = await sql<{ password_hash: string }>(
      app,
      'SELECT password_hash FROM users WHERE id = $1',
      [id],
    );
    expect(stored).toMatch(/^\$argon2id\$/);
    expect((await app.http.post('/auth/login', { login: 'old', password: PASSWORD })).status).toBe(200);
  });

  it('records the login without the password', async () => {
    const { id } = await person(app, 'recorded');
    await app.http.post('/auth/login', { login: 'recorded', password: PASSWORD });
    await app.http.post('/auth/login', { login: 'recorded', password: 'another guess entirely' });
    const rows = await sql<{ action: string; actor_id: string | null }>(
      app,
      'SELECT action, actor_id FROM audit_entries WHERE resource_id = $1 ORDER BY id',
      [id],
    );
    expect(rows).toEqual([
      { action: 'user.login', actor_id: id },
      { action: 'user.login_failed', actor_id: null },
    ]);
    const [{ everything }] = await sql<{ everything: string }>(
      app,
      `SELECT string_agg(e.detail || coalesce(p.detail, ''), '') AS everything FROM audit_entries e LEFT JOIN audit_personal p ON p.entry_id = e.id`,
    );
    expect(everything).not.toContain(PASSWORD);
    expect(everything).not.toContain('another guess');
  });

  it('takes a refused body for what it is', async () => {
    expect((await app.http.post('/auth/login', { login: 'ada' })).status).toBe(422);
    expect((await app.http.post('/auth/login', { login: ['ada'], password: PASSWORD })).status).toBe(422);
    expect(
      (await app.http.post('/auth/login', { login: 'ada', password: PASSWORD, admin: true })).status,
    ).toBe(422);
  });
});
