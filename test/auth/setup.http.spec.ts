import { Secret } from '../../src/kernel/crypto/index.js';
import { SetupService } from '../../src/modules/auth/index.js';
import { PASSWORD, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { actionsAbout, tally, withSql } from './stage.js';

describe('Set-up of a fresh install', () => {
  let app: TestApp;
  let replica: TestApp;

  beforeEach(async () => {
    app = await startApp();
    replica = await startApp({ replicaOf: app });
  });
  afterEach(async () => {
    await replica?.close();
    await app?.close();
  });

  const prepare = async (at = app) => {
    const link = await at.get(SetupService).prepare();
    if (link === null) throw new Error('Nothing to set up');
    return link;
  };
  const body = (token: string, i: number | string = '') => ({
    token,
    username: `boss${i}`,
    email: `boss${i}@example.com`,
    password: PASSWORD,
  });
  const users = () =>
    withSql(app, async (sql) => (await sql.query<{ id: string }>('SELECT id FROM users')).rows);

  it('makes the first administrator with the printed token and signs them in, once', async () => {
    const { token, url, expiresAt } = await prepare();

    const done = await app.http.post('/auth/setup', body(token));
    const again = await app.http.post('/auth/setup', body(token, 2));

    expect(token).toMatch(/^rv_stp_/);
    expect(url).toContain('/docs#');
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
    expect(done.status).toBe(201);
    expect(done.headers.get('location')).toBe('/api/v1/auth/me');
    expect(Object.keys(done.body).sort()).toEqual(
      ['accessToken', 'expiresIn', 'refreshExpiresAt', 'refreshToken', 'sessionId', 'tokenType'].sort(),
    );
    const me = await app.http.as(done.body).get('/auth/me');
    expect(me.body.roles).toContain('admin');
    expect(again.body).toMatchObject({ status: 409, code: 'setup_done' });
    expect(await app.get(SetupService).prepare()).toBeNull();
    expect(await actionsAbout(app, me.body.principal.id)).toContain('user.setup');
  });

  it('makes exactly one under a hundred simultaneous uses on two processes', async () => {
    const { token } = await prepare();

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? app : replica).http.post('/auth/setup', body(token, i)),
      ),
    );

    expect(tally(answers)).toEqual({ 201: 1, 409: 99 });
    expect(await users()).toHaveLength(1);
  });

  it('prints one token that works, however many processes start', async () => {
    const links = await Promise.all([prepare(app), prepare(replica), prepare(app), prepare(replica)]);

    expect(new Set(links.map(({ token }) => token)).size).toBe(1);
    expect((await app.http.post('/auth/setup', body(links[0].token))).status).toBe(201);
  });

  it('replaces a token that will soon expire, and refuses one that has', async () => {
    const first = await prepare();
    await withSql(app, (sql) =>
      sql.query(`UPDATE one_time_tokens SET expires_at = now() + interval '1 hour'`),
    );
    const second = await prepare();

    expect(second.token).not.toBe(first.token);
    expect((await app.http.post('/auth/setup', body(first.token))).body).toMatchObject({
      status: 400,
      code: 'invalid_token',
    });

    await withSql(app, (sql) =>
      sql.query(`UPDATE one_time_tokens SET expires_at = now() - interval '1 second'`),
    );
    expect((await app.http.post('/auth/setup', body(second.token))).body).toMatchObject({
      status: 400,
      code: 'invalid_token',
    });
    expect(await users()).toHaveLength(0);
  });

  it('lets a refused password leave the token as it was', async () => {
    const { token } = await prepare();

    const refused = await app.http.post('/auth/setup', { ...body(token), password: 'boss' });

    expect(refused.body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/password', code: 'min_length' }],
    });
    expect((await app.http.post('/auth/setup', body(token))).status).toBe(201);
  });
});

describe('A configured administrator', () => {
  const configuration = { adminEmail: 'root.admin@example.com', adminPassword: new Secret(PASSWORD) };

  it('is created once by any number of processes, and later starts do nothing', async () => {
    const app = await startApp({ configuration });
    const replica = await startApp({ replicaOf: app });
    try {
      const prepared = await Promise.all(
        [app, replica, app, replica].map((each) => each.get(SetupService).prepare()),
      );

      expect(prepared).toEqual([null, null, null, null]);
      const tokens = await signIn(app, 'root.admin');
      const me = await app.http.as(tokens).get('/auth/me');
      expect(me.body).toMatchObject({ user: { username: 'root.admin', email: 'root.admin@example.com' } });
      expect(me.body.roles).toContain('admin');
    } finally {
      await replica.close();
      await app.close();
    }
  });

  it('with a password that the policy refuses keeps the service from starting, with the reasons', async () => {
    const app = await startApp({
      configuration: { ...configuration, adminPassword: new Secret('root.admin-password') },
    });
    try {
      const start = app.get(SetupService).prepare();

      await expect(start).rejects.toThrow(/REEVE_ADMIN_PASSWORD is refused.*contains_identifier/);
    } finally {
      await app.close();
    }
  });
});
