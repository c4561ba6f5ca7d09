import { PASSWORD } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { Mailbox, tokenIn } from './mailbox.js';
import { actionsAbout, tally, withSql } from './stage.js';

describe('Registration', () => {
  let app: TestApp;
  let replica: TestApp;
  let mailbox: Mailbox;

  beforeAll(async () => {
    app = await startApp({
      configuration: { role: 'all', registration: 'open', registrationDomains: ['example.org'] },
    });
    replica = await startApp({ replicaOf: app, configuration: { role: 'api' } });
    mailbox = new Mailbox(app);
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });

  const register = (email: string, extras: object = {}) =>
    app.http.post('/auth/register', { email, password: PASSWORD, ...extras });
  const login = (name: string) => app.http.post('/auth/login', { login: name, password: PASSWORD });

  it('answers 202 without a body, and nobody signs in before the address is verified', async () => {
    const answer = await register('Ada.Lovelace@example.org');
    const token = tokenIn(await mailbox.newest('Ada.Lovelace@example.org', 'Confirm'));

    expect([answer.status, answer.body]).toEqual([202, null]);
    expect((await login('ada.lovelace')).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await app.http.post('/auth/verify', { token })).status).toBe(204);
    expect((await app.http.post('/auth/verify', { token })).body).toMatchObject({
      status: 400,
      code: 'invalid_token',
    });
    const signedIn = await login('ada.lovelace');
    expect(signedIn.status).toBe(200);
    const me = await app.http.as(signedIn.body).get('/auth/me');
    expect(me.body).toMatchObject({ user: { username: 'Ada.Lovelace' }, roles: ['member'] });
    expect(await actionsAbout(app, me.body.principal.id)).toEqual(
      expect.arrayContaining(['user.register', 'user.verify']),
    );
  });

  it('says the same for a taken address; the mail explains', async () => {
    await register('taken@example.org');
    await app.http.post('/auth/verify', {
      token: tokenIn(await mailbox.newest('taken@example.org', 'Confirm')),
    });

    const again = await register('TAKEN@example.org', { username: 'somebody-else' });

    expect([again.status, again.body]).toEqual([202, null]);
    expect((await mailbox.newest('taken@example.org', 'already')).text).toContain('nothing was changed');
    const { rowCount } = await withSql(app, (sql) =>
      sql.query(`SELECT id FROM users WHERE email_key = 'taken@example.org'`),
    );
    expect(rowCount).toBe(1);
  });

  it('says the same for a taken username; the mail explains', async () => {
    await register('first@example.org', { username: 'popular' });
    await mailbox.newest('first@example.org', 'Confirm');

    const again = await register('second@example.org', { username: 'Popular' });

    expect([again.status, again.body]).toEqual([202, null]);
    expect((await mailbox.newest('second@example.org', 'another username')).text).toContain('Popular');
  });

  it('makes a username from the address, and another one when that is taken', async () => {
    await register('twin@example.org');
    await mailbox.newest('twin@example.org', 'Confirm');
    await withSql(app, (sql) =>
      sql.query(
        `UPDATE users SET email = 'x@example.org', email_key = 'x@example.org' WHERE username = 'twin'`,
      ),
    );

    await register('twin@example.org');

    const mails = await mailbox.atLeast(2, 'twin@example.org', 'Confirm');
    expect(mails[0].text).toMatch(/username there is twin-[0-9a-f]{6}\./);
  });

  it('makes one account of thirty simultaneous registrations of one address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 2 === 0 ? app : replica).http.post('/auth/register', {
          email: 'crowd@example.org',
          password: PASSWORD,
        }),
      ),
    );

    expect(tally(answers)).toEqual({ 202: 30 });
    await mailbox.atLeast(30, 'crowd@example.org', '');
    const { rowCount } = await withSql(app, (sql) =>
      sql.query(`SELECT id FROM users WHERE email_key = 'crowd@example.org'`),
    );
    expect(rowCount).toBe(1);
  });

  it('verifies exactly once under a hundred simultaneous uses on two processes', async () => {
    await register('race@example.org');
    const token = tokenIn(await mailbox.newest('race@example.org', 'Confirm'));

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? app : replica).http.post('/auth/verify', { token }),
      ),
    );

    expect(tally(answers)).toEqual({ 204: 1, 400: 99 });
  });

  it('refuses weak passwords, foreign domains and malformed input alike for taken and free names', async () => {
    for (const email of ['taken@example.org', 'free@example.org']) {
      const weak = await app.http.post('/auth/register', { email, password: 'password1234' });
      expect(weak.status).toBe(422);
      expect(weak.body.errors[0]).toMatchObject({ pointer: '/password', code: 'common_password' });
    }
    expect((await register('ada@elsewhere.org')).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/email', code: 'domain_not_accepted' }],
    });
    expect((await register('no-address')).status).toBe(422);
    expect((await register('ok@example.org', { isActive: true })).body.errors[0].pointer).toBe('/isActive');
    expect((await register('ok@example.org', { roles: ['admin'] })).status).toBe(422);
  });

  it('leaves no readable person or password in the queue', async () => {
    const stored = await withSql(app, async (sql) => {
      const { rows } = await sql.query<{ text: string }>(
        `SELECT coalesce(string_agg(payload::text, ' '), '') AS text FROM graphile_worker._private_jobs`,
      );
      return rows[0].text;
    });
    expect(stored).not.toMatch(/example\.org|argon2/);
  });
});

describe('Closed registration', () => {
  it('says so', async () => {
    const app = await startApp();
    try {
      const answer = await app.http.post('/auth/register', { email: 'ada@example.org', password: PASSWORD });
      expect(answer.body).toMatchObject({ status: 403, code: 'registration_closed' });
    } finally {
      await app.close();
    }
  });
});
