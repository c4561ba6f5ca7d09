import { setTimeout as pause } from 'node:timers/promises';
import { PASSWORD } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { Mailbox, tokenIn } from './mailbox.js';
import { RegistrationSchedule } from '../../src/modules/auth/registration/registration.schedule.js';
import { person } from './people.js';
import { actionsAbout, asSystem, tally, withSql } from './stage.js';

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
  /** Waits until nothing is left to do. */
  const idle = async () => {
    const pending = () =>
      withSql(app, async (sql) => {
        const { rows } = await sql.query<{ count: number }>(
          `SELECT ((SELECT count(*) FROM job_outbox) + (SELECT count(*) FROM graphile_worker._private_jobs))::integer AS count`,
        );
        return rows[0].count;
      });
    for (let tries = 0; tries < 100 && (await pending()) > 0; tries += 1) await pause(100);
  };
  const login = (name: string) => app.http.post('/auth/login', { login: name, password: PASSWORD });

  it('answers 202 without a body, and nobody signs in before the address is verified', async () => {
    const answer = await register('Ada.Lovelace@example.org');
    const token = tokenIn(await mailbox.newest('Ada.Lovelace@example.org', 'Confirm'));

    // Whoever opens the file can copy it: in one piece, and with nothing to decode.
    expect(mailbox.sources().filter((source) => source.includes(`"token": "${token}"`))).toHaveLength(1);
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
    expect(mails[0].text).toMatch(/username there is\s+twin-[0-9a-f]{6}\./);
  });

  it('gives the account to whoever reads the mailbox: the registration that is confirmed is the one that counts', async () => {
    await register('victim@example.org', { password: 'the eavesdropper knows this', username: 'taken-over' });
    const [stranger] = await mailbox.atLeast(1, 'victim@example.org', 'Confirm');
    await register('Victim@example.org');
    const [own] = await mailbox.atLeast(1, 'Victim@example.org', 'Confirm');
    await register('victim@example.org', { password: 'and another one of theirs' });
    await mailbox.atLeast(2, 'victim@example.org', 'Confirm');

    expect((await app.http.post('/auth/verify', { token: tokenIn(own) })).status).toBe(204);

    const signIn = (password: string) =>
      app.http.post('/auth/login', { login: 'victim@example.org', password });
    expect((await signIn('the eavesdropper knows this')).status).toBe(401);
    expect((await signIn('and another one of theirs')).status).toBe(401);
    const { status, body } = await signIn(PASSWORD);
    expect(status).toBe(200);
    expect((await app.http.as(body).get('/auth/me')).body.user.username).toBe('Victim');
    expect((await app.http.post('/auth/verify', { token: tokenIn(stranger) })).status).toBe(400);
    expect((await signIn(PASSWORD)).status).toBe(200);
    const { id } = (await app.http.as(body).get('/auth/me')).body.principal;
    expect(await actionsAbout(app, id)).toEqual(
      expect.arrayContaining(['user.register', 'user.register_again', 'user.verify']),
    );
  });

  it('confirms under another name when the registered one went to somebody else meanwhile', async () => {
    await register('slow@example.org', { username: 'first-choice' });
    await register('slow@example.org', { username: 'second-choice' });
    const [mail] = await mailbox.atLeast(2, 'slow@example.org', 'Confirm');
    await register('quick@example.org', { username: 'Second-Choice' });
    await mailbox.newest('quick@example.org', 'Confirm');

    expect((await app.http.post('/auth/verify', { token: tokenIn(mail) })).status).toBe(204);

    const signedIn = await login('slow@example.org');
    const me = await app.http.as(signedIn.body).get('/auth/me');
    expect(me.body.user.username).toMatch(/^slow-[0-9a-f]{6}$/);
  });

  it('writes five mails an hour to one mailbox, whatever its spelling', async () => {
    const spellings = ['full@example.org', 'FULL@example.org', 'fuLL@example.org'];
    for (let i = 0; i < 8; i += 1) expect((await register(spellings[i % 3])).status).toBe(202);

    await idle();

    const mails = await Promise.all(spellings.map((spelling) => mailbox.all(spelling)));
    expect(mails.flat()).toHaveLength(5);
  });

  it('ignores an Idempotency-Key: each try is one of its own', async () => {
    const headers = { 'idempotency-key': '0b6c9a52-registration' };
    for (const email of ['once@example.org', 'twice@example.org']) {
      const answer = await app.http.post('/auth/register', { email, password: PASSWORD }, { headers });
      expect([answer.status, answer.headers.get('idempotent-replayed')]).toEqual([202, null]);
    }
  });

  it('gives name and address back when nobody confirmed them for a week, but never those of invited people', async () => {
    await register('forgotten@example.org', { username: 'forgotten' });
    await mailbox.newest('forgotten@example.org', 'Confirm');
    const guest = await person(app, 'guest', { passwordHash: null, isVerified: false });
    const member = await person(app, 'settled');
    await withSql(app, (sql) => sql.query(`UPDATE users SET created_at = created_at - interval '8 days'`));
    const left = () =>
      withSql(app, async (sql) => {
        const { rows } = await sql.query<{ name: string }>('SELECT username AS name FROM users');
        return rows.map(({ name }) => name);
      });

    await asSystem(() => app.get(RegistrationSchedule).sweep());
    expect(await left()).toContain('forgotten');
    await withSql(app, (sql) =>
      sql.query(
        `UPDATE one_time_tokens SET expires_at = now() - interval '1 second' WHERE purpose = 'verify'`,
      ),
    );
    await asSystem(() => app.get(RegistrationSchedule).sweep());

    expect(await left()).not.toContain('forgotten');
    expect(await left()).toEqual(expect.arrayContaining([guest.username, member.username]));
    await register('somebody-new@example.org', { username: 'forgotten' });
    expect((await mailbox.newest('somebody-new@example.org', 'Confirm')).text).toMatch(/is\s+forgotten\./);
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
    await idle();
    expect(await mailbox.all('crowd@example.org')).toHaveLength(5);
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
