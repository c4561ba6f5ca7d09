import { PASSWORD, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';

const WRONG = 'surely not the password';

describe('Locking a login', () => {
  let app: TestApp;
  let replica: TestApp;
  beforeAll(async () => {
    // Forwarded addresses count here, so that tests can come from anywhere.
    app = await startApp({ configuration: { trustedProxies: ['127.0.0.1/32', '::1/128'] } });
    replica = await startApp({ replicaOf: app });
  });
  afterAll(async () => {
    await replica.close();
    await app.close();
  });
  beforeEach(() => sql(app, 'DELETE FROM login_throttles'));

  const tryAs = (login: string, password: string, { at = app, from = '198.51.100.1' } = {}) =>
    at.http.post('/auth/login', { login, password }, { headers: { 'x-forwarded-for': from } });
  const letTimePass = (seconds: number) =>
    sql(
      app,
      `UPDATE login_throttles SET window_started_at = window_started_at - $1 * interval '1 second',
         last_failure_at = last_failure_at - $1 * interval '1 second', locked_until = locked_until - $1 * interval '1 second'`,
      [seconds],
    );

  it('lets five failures through, then refuses the right password too, and opens again by itself', async () => {
    await person(app, 'ada');
    for (let i = 0; i < 5; i += 1) expect((await tryAs('ada', WRONG)).status).toBe(401);
    const refused = await tryAs('ada', PASSWORD);
    expect([refused.status, refused.body.code]).toEqual([429, 'account_locked']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(30);
    expect((await tryAs('ada', PASSWORD, { from: '198.51.100.2' })).status).toBe(200);
    await letTimePass(31);
    expect((await tryAs('ada', PASSWORD)).status).toBe(200);
    expect((await tryAs('ada', WRONG)).status).toBe(401);
    expect((await tryAs('ada', PASSWORD)).status).toBe(200);
  });

  it('doubles the lock with each further failure, and does not count tries while locked', async () => {
    await person(app, 'bea');
    for (let i = 0; i < 5; i += 1) await tryAs('bea', WRONG);
    for (let i = 0; i < 3; i += 1) expect((await tryAs('bea', WRONG)).status).toBe(429);
    await letTimePass(31);
    expect((await tryAs('bea', WRONG)).status).toBe(401);
    const retryAfter = Number((await tryAs('bea', PASSWORD)).headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(55);
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  it('answers logins that do not exist in the same way', async () => {
    await person(app, 'cleo');
    const seen = [];
    for (const login of ['cleo', 'nobody']) {
      const answers = [];
      for (let i = 0; i < 6; i += 1) answers.push(await tryAs(login, WRONG));
      seen.push(
        answers.map(({ status, headers, body }) => {
          const names = [...headers.keys()].filter((name) => name !== 'date');
          return [status, { ...body, requestId: '' }, names, headers.get('retry-after')];
        }),
      );
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  it('shares the counter between spellings', async () => {
    await person(app, 'dora');
    for (const spelling of ['dora', 'DORA', ' dora', 'do\u00adra', 'ｄｏｒａ']) {
      expect((await tryAs(spelling, WRONG)).status).toBe(401);
    }
    expect((await tryAs('Dora', PASSWORD)).status).toBe(429);
  });

  it('counts exactly when 100 tries come at once on two replicas', async () => {
    await person(app, 'ella');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => tryAs('ella', WRONG, { at: i % 2 ? app : replica })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['401 invalid_credentials', '429 account_locked']),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(95);
    const counters = await sql(app, 'SELECT kind, failures FROM login_throttles ORDER BY kind');
    expect(counters.map(({ failures }) => failures)).toEqual([5, 5, 5]);
  });

  it('locks a login tried from everywhere after 25 failures', async () => {
    await person(app, 'fay');
    for (let i = 0; i < 25; i += 1)
      expect((await tryAs('fay', WRONG, { from: `203.0.113.${i}` })).status).toBe(401);
    expect((await tryAs('fay', PASSWORD, { from: '192.0.2.9' })).status).toBe(429);
  });

  it('locks an address that tries many logins, a /64 counting as one', async () => {
    await person(app, 'gina');
    const from = (i: number) => `2001:db8:1:2::${i.toString(16)}`;
    await sql(app, 'DELETE FROM login_throttles');
    expect((await tryAs('x0', WRONG, { from: from(1) })).status).toBe(401);
    await sql(app, `UPDATE login_throttles SET failures = 99 WHERE kind = 'address'`);
    expect((await tryAs('x1', WRONG, { from: from(2) })).status).toBe(401);
    expect((await tryAs('gina', PASSWORD, { from: from(3) })).status).toBe(429);
    expect((await tryAs('gina', PASSWORD, { from: '2001:db8:1:3::1' })).status).toBe(200);
  });

  it('leaves sessions alone and puts failures and the lock on record', async () => {
    const { id } = await person(app, 'hana');
    const session = await signIn(app, 'hana');
    for (let i = 0; i < 5; i += 1) await tryAs('hana', WRONG);
    expect((await app.http.as(session).get('/auth/me')).status).toBe(200);
    const actions = await sql<{ action: string }>(
      app,
      `SELECT action FROM audit_entries WHERE resource_id = $1 AND action <> 'user.login' ORDER BY id`,
      [id],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      ...Array<string>(5).fill('user.login_failed'),
      'user.locked',
    ]);
  });

  it('counts wrong passwords of somebody who is signed in as well', async () => {
    await person(app, 'iris');
    const session = app.http.as(await signIn(app, 'iris'));
    for (let i = 0; i < 5; i += 1) {
      const { status, body } = await session.post(
        '/auth/reauthenticate',
        { password: WRONG },
        { headers: { 'idempotency-key': `k${i}` } },
      );
      expect([status, body.code]).toEqual([403, 'invalid_credentials']);
    }
    expect((await session.post('/auth/reauthenticate', { password: PASSWORD })).status).toBe(429);
    expect((await app.http.post('/auth/login', { login: 'iris', password: PASSWORD })).status).toBe(429);
  });
});
