import { hash } from '@node-rs/bcrypt';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Client } from 'pg';
import { Database } from '../../src/kernel/database/index.js';
import { PasswordHasher } from '../../src/modules/auth/passwords/password-hasher.js';
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
      const rest = { ...answer.body, requestId: '' };
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

  it('knows at its start which kinds of hashes an import left', async () => {
    await person(app, 'older', { passwordHash: await hash(PASSWORD, 5) });
    const expected = jest.spyOn(PasswordHasher.prototype, 'expect');
    const another = await startApp({ replicaOf: app });
    await another.close();
    const kinds = expected.mock.calls.map(([stored]) => stored.slice(0, 6));
    expected.mockRestore();
    expect(kinds).toEqual(['$2y$05']);
  });

  it('upgrades a hash once while many sign in with it, and refuses none of them', async () => {
    await person(app, 'crowded', { passwordHash: await hash(PASSWORD, 4) });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        app.http.post('/auth/login', { login: 'crowded', password: PASSWORD, deviceLabel: 'same hash' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('asks the database twice', async () => {
    await person(app, 'quick');
    const database = app.get(Database);
    const asked: number[] = [];
    for (let login = 0; login < 5; login += 1) {
      const before = database.queriesIssued;
      await app.http.post('/auth/login', { login: 'quick', password: PASSWORD });
      asked.push(database.queriesIssued - before);
    }
    // Schedules ask now and then meanwhile.
    expect(Math.min(...asked)).toBe(2);
  });

  it('keeps to the cap of sessions when another sign-in was under way', async () => {
    const { id } = await person(app, 'beside');
    for (let login = 1; login < app.configuration.sessionCap; login += 1)
      await app.http.post('/auth/login', { login: 'beside', password: PASSWORD });
    const other = new Client({ connectionString: app.database.ownerUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('UPDATE users SET last_login_at = now() WHERE id = $1', [id]);
      await other.query(
        `INSERT INTO auth_sessions (id, tenant_id, user_id, family_id, refresh_token_hash, authenticated_at, created_at,
           last_active_at, expires_at)
         SELECT fresh, tenant_id, user_id, fresh, fresh, now(), now(), now(), expires_at
         FROM auth_sessions, gen_random_uuid() AS fresh WHERE user_id = $1 LIMIT 1`,
        [id],
      );
      const answer = app.http.post('/auth/login', { login: 'beside', password: PASSWORD });
      await someoneWaits(other);
      await other.query('COMMIT');
      expect((await answer).status).toBe(200);
    } finally {
      await other.end();
    }
    const states = await sql<{ live: number; evicted: number }>(
      app,
      `SELECT (count(*) FILTER (WHERE NOT revoked))::integer AS live,
         (count(*) FILTER (WHERE revoked_reason = 'session_cap_eviction'))::integer AS evicted
       FROM auth_sessions WHERE user_id = $1`,
      [id],
    );
    expect(states).toEqual([{ live: app.configuration.sessionCap, evicted: 1 }]);
    const [{ logins }] = await sql<{ logins: number }>(
      app,
      `SELECT count(*)::integer AS logins FROM audit_entries WHERE action = 'user.login' AND resource_id = $1`,
      [id],
    );
    expect(logins).toBe(app.configuration.sessionCap);
  });

  it('refuses a password that was changed while it was being checked', async () => {
    const { id } = await person(app, 'changing', { passwordHash: await hash(PASSWORD, 13) });
    const answer = app.http.post('/auth/login', { login: 'changing', password: PASSWORD });
    await pause(150);
    await sql(app, 'UPDATE users SET password_changed_at = now() WHERE id = $1', [id]);
    expect((await answer).status).toBe(401);
    const [entry] = await sql<{ reason: string }>(
      app,
      `SELECT detail::jsonb->>'reason' AS reason FROM audit_entries WHERE resource_id = $1`,
      [id],
    );
    expect(entry.reason).toBe('changed_meanwhile');
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

/** Until a statement of somebody else waits for what this transaction holds. */
async function someoneWaits(holder: Client): Promise<void> {
  const waiting = 'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))';
  while ((await holder.query(waiting)).rowCount === 0) await pause(10);
}
