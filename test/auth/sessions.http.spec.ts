import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '../../src/kernel/database/index.js';
import { PASSWORD, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { SessionsSchedule } from '../../src/modules/auth/sessions/sessions.schedule.js';
import { person, sql } from './people.js';
import { asSystem } from './stage.js';

describe('Sessions', () => {
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
  const me = (tokens: { accessToken: string }, at: TestApp = app) => at.http.as(tokens).get('/auth/me');

  it('are listed with what the device said, and which one asks', async () => {
    const { id } = await person(app, 'ada');
    const phone = await signIn(app, 'ada', { deviceLabel: 'Phone', deviceFingerprint: 'f1' });
    const laptop = await signIn(app, 'ada');
    const { status, body } = await app.http.as(phone).get('/auth/sessions?total=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({ nextCursor: null, total: 2, totalCapped: false });
    expect(body.items).toEqual([
      expect.objectContaining({
        id: laptop.sessionId,
        deviceLabel: 'Unknown device',
        deviceFingerprint: 'unknown',
        current: false,
      }),
      expect.objectContaining({
        id: phone.sessionId,
        userId: id,
        deviceLabel: 'Phone',
        deviceFingerprint: 'f1',
        current: true,
      }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/hash/i);
  });

  it('count once however often they were refreshed', async () => {
    await person(app, 'bea');
    let tokens = await signIn(app, 'bea');
    for (let i = 0; i < 3; i += 1)
      tokens = (await app.http.post('/auth/refresh', { refreshToken: tokens.refreshToken })).body;
    const { body } = await app.http.as(tokens).get('/auth/sessions');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ id: tokens.sessionId, current: true, revoked: false });
  });

  it('end on both replicas at once when somebody signs out', async () => {
    await person(app, 'cleo');
    const tokens = await signIn(app, 'cleo');
    expect((await me(tokens)).status).toBe(200);
    expect((await me(tokens, replica)).status).toBe(200);
    expect((await app.http.as(tokens).post('/auth/logout')).status).toBe(204);
    expect((await me(tokens)).status).toBe(401);
    await pause(1_000);
    expect((await me(tokens, replica)).status).toBe(401);
    expect((await app.http.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
  });

  it('all end with logout-all', async () => {
    const { id } = await person(app, 'dora');
    const [one, two] = [await signIn(app, 'dora'), await signIn(app, 'dora')];
    await me(two);
    expect((await app.http.as(one).post('/auth/logout-all')).status).toBe(204);
    for (const tokens of [one, two]) expect((await me(tokens)).status).toBe(401);
    const reasons = await sql(app, 'SELECT DISTINCT revoked_reason FROM auth_sessions WHERE user_id = $1', [
      id,
    ]);
    expect(reasons).toEqual([{ revoked_reason: 'logout' }]);
  });

  it('can be ended by the id of any of their rows, but only one’s own', async () => {
    await person(app, 'ella');
    await person(app, 'eve');
    const [phone, laptop, eve] = [
      await signIn(app, 'ella'),
      await signIn(app, 'ella'),
      await signIn(app, 'eve'),
    ];
    const refreshed = (await app.http.post('/auth/refresh', { refreshToken: phone.refreshToken })).body;
    const notHers = await app.http.as(eve).delete(`/auth/sessions/${phone.sessionId}`);
    const never = await app.http.as(eve).delete('/auth/sessions/01890a5d-ac96-774b-bcce-b302099a8057');
    expect(notHers.status).toBe(404);
    expect({ ...notHers.body, instance: '', requestId: '' }).toEqual({
      ...never.body,
      instance: '',
      requestId: '',
    });
    expect((await app.http.as(laptop).delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(204);
    expect((await me(refreshed)).status).toBe(401);
    expect((await me(laptop)).status).toBe(200);
    expect((await app.http.as(laptop).delete(`/auth/sessions/${phone.sessionId}`)).status).toBe(404);
    const [row] = await sql(app, 'SELECT revoked_reason FROM auth_sessions WHERE id = $1', [
      refreshed.sessionId,
    ]);
    expect(row.revoked_reason).toBe('user_terminated');
  });

  it('are capped exactly when 30 sign in at once on two replicas, the least recently active going first', async () => {
    const { id } = await person(app, 'fay');
    const oldest = await signIn(app, 'fay');
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 2 ? app : replica).http.post('/auth/login', { login: 'fay', password: PASSWORD }),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const rows = await sql<{ id: string; reason: string | null }>(
      app,
      'SELECT id, revoked_reason AS reason FROM auth_sessions WHERE user_id = $1 ORDER BY last_active_at, id',
      [id],
    );
    expect(rows.filter(({ reason }) => reason === null)).toHaveLength(10);
    expect(rows.filter(({ reason }) => reason === 'session_cap_eviction')).toHaveLength(21);
    expect(rows.find((row) => row.id === oldest.sessionId)?.reason).toBe('session_cap_eviction');
    expect((await me(oldest)).status).toBe(401);
  }, 60_000);

  it('that ran out are marked, and put on record as ended by nobody but the clock', async () => {
    const { id } = await person(app, 'faye');
    const tokens = await signIn(app, 'faye');
    await sql(app, `UPDATE auth_sessions SET last_active_at = now() - interval '15 days' WHERE id = $1`, [
      tokens.sessionId,
    ]);
    await asSystem(() => app.get(SessionsSchedule).sweep());
    const entries = await sql(
      app,
      `SELECT actor_kind, detail::jsonb->>'reason' AS reason FROM audit_entries
       WHERE action = 'session.revoke' AND detail::jsonb->>'userId' = $1`,
      [id],
    );
    expect(entries).toEqual([{ actor_kind: 'system', reason: 'expired' }]);
    expect((await me(tokens)).status).toBe(401);
  });

  it('cost no query while nothing changes', async () => {
    await person(app, 'gina');
    const http = app.http.as(await signIn(app, 'gina'));
    await http.get('/auth/sessions/x');
    const database = app.get(Database);
    await pause(50);
    const asked: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const before = database.queriesIssued;
      for (let i = 0; i < 10; i += 1) expect((await http.get('/users')).status).toBe(403);
      asked.push(database.queriesIssued - before);
    }
    // The first refusal is put on record, and schedules ask now and then meanwhile.
    expect(Math.min(...asked)).toBe(0);
  });

  it('are over when their user is disabled or deleted behind their back', async () => {
    const { id } = await person(app, 'hana');
    const tokens = await signIn(app, 'hana');
    await sql(app, 'UPDATE users SET is_active = false WHERE id = $1', [id]);
    expect((await me(tokens)).status).toBe(401);
  });

  it('prove their owner again on request, at once on every replica', async () => {
    const { id } = await person(app, 'iris');
    const tokens = await signIn(app, 'iris');
    await sql(app, `UPDATE auth_sessions SET authenticated_at = now() - interval '1 hour' WHERE id = $1`, [
      tokens.sessionId,
    ]);
    expect(Date.now() - Date.parse((await me(tokens)).body.session.authenticatedAt)).toBeGreaterThan(
      3_000_000,
    );
    const { status, body } = await app.http.as(tokens).post('/auth/reauthenticate', { password: PASSWORD });
    expect(status).toBe(200);
    expect(body).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 900 });
    const again = (await me(body, replica)).body.session;
    expect(Date.now() - Date.parse(again.authenticatedAt)).toBeLessThan(10_000);
    const facts = await sql(
      app,
      `SELECT actor_id FROM audit_entries WHERE action = 'session.reauthenticate' AND actor_id = $1`,
      [id],
    );
    expect(facts).toHaveLength(1);
  });

  it('can be refreshed while their owner proves who they are', async () => {
    await person(app, 'jane');
    let tokens = await signIn(app, 'jane');
    for (let round = 0; round < 8; round += 1) {
      const proof = app.http.as(tokens).post('/auth/reauthenticate', { password: PASSWORD });
      // For as long as the password is being checked.
      let isDone = false;
      const done = proof.finally(() => (isDone = true));
      while (!isDone) {
        const refreshed = await replica.http.post('/auth/refresh', { refreshToken: tokens.refreshToken });
        expect(refreshed.status).toBe(200);
        tokens = refreshed.body;
      }
      expect((await done).status).toBe(200);
    }
  });
});
