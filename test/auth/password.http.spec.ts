import { type Actor, invited, PASSWORD, setUp, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { Mailbox, tokenIn } from './mailbox.js';
import { actionsAbout, tally, withSql } from './stage.js';

const NEW_PASSWORD = 'marble owl counts nine rivers';

describe('Passwords', () => {
  let app: TestApp;
  let replica: TestApp;
  let admin: Actor;
  let mailbox: Mailbox;

  beforeAll(async () => {
    app = await startApp({ configuration: { role: 'all' } });
    replica = await startApp({ replicaOf: app, configuration: { role: 'api' } });
    admin = await setUp(app);
    mailbox = new Mailbox(app);
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });

  const login = (name: string, password: string) => app.http.post('/auth/login', { login: name, password });
  const forgot = (email: string) => app.http.post('/auth/password/forgot', { email });
  const reset = (token: string, newPassword = NEW_PASSWORD, at = app) =>
    at.http.post('/auth/password/reset', { token, newPassword });
  const resetTokenFor = async (email: string, count = 1) => {
    await forgot(email);
    return tokenIn((await mailbox.atLeast(count, email, 'Choose a new password'))[0]);
  };

  describe('change', () => {
    it('needs the current one, keeps this session and ends the others', async () => {
      const user = await invited(app, admin, 'changer');
      const other = app.http.as(await signIn(app, 'changer'));
      const change = (currentPassword: string, newPassword: string) =>
        user.http.post('/auth/password/change', { currentPassword, newPassword });

      expect((await change('not the password at all', NEW_PASSWORD)).body).toMatchObject({
        status: 403,
        code: 'invalid_credentials',
      });
      expect((await change(PASSWORD, 'short')).body).toMatchObject({
        status: 422,
        errors: [{ pointer: '/newPassword', code: 'min_length' }],
      });
      expect((await user.http.post('/auth/password/change', { newPassword: NEW_PASSWORD })).status).toBe(422);
      expect((await change(PASSWORD, NEW_PASSWORD)).status).toBe(204);

      expect((await user.http.get('/auth/me')).status).toBe(200);
      expect((await other.get('/auth/me')).status).toBe(401);
      expect((await login('changer', PASSWORD)).status).toBe(401);
      expect((await login('changer', NEW_PASSWORD)).status).toBe(200);
      expect((await mailbox.newest('changer@example.com', 'was changed')).text).toContain(
        'If it was not you',
      );
      expect(await actionsAbout(app, user.id)).toContain('user.password_change');
    });

    it('takes no name of the organisation', async () => {
      const user = await invited(app, admin, 'loyal');
      await withSql(app, (sql) => sql.query(`UPDATE tenants SET name = 'Blue Harbour'`));
      const answer = await user.http.post('/auth/password/change', {
        currentPassword: PASSWORD,
        newPassword: 'seven kites above Blue-Harbour',
      });
      expect(answer.body.errors).toEqual([
        expect.objectContaining({ pointer: '/newPassword', code: 'contains_identifier' }),
      ]);
    });

    it('counts wrong current passwords to the lockout', async () => {
      const user = await invited(app, admin, 'guessed');
      const change = (currentPassword: string) =>
        user.http.post('/auth/password/change', { currentPassword, newPassword: NEW_PASSWORD });

      for (let i = 0; i < 5; i += 1) expect((await change(`wrong password number ${i}`)).status).toBe(403);

      const locked = await change(PASSWORD);
      expect(locked.body).toMatchObject({ status: 429, code: 'account_locked' });
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await login('guessed', PASSWORD)).status).toBe(429);
      expect((await user.http.get('/auth/me')).status).toBe(200);
    });

    it('lets one of twenty simultaneous changes through', async () => {
      const user = await invited(app, admin, 'parallel');

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? user.http : user.http.at(replica.url)).post('/auth/password/change', {
            currentPassword: PASSWORD,
            newPassword: `${NEW_PASSWORD} ${i}`,
          }),
        ),
      );

      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      expect((await login('parallel', PASSWORD)).status).not.toBe(200);
    });
  });

  describe('forgotten', () => {
    it('answers the same for everybody and mails a token to the one who has the address', async () => {
      const user = await invited(app, admin, 'forgetful');
      await invited(app, admin, 'switched-off').then(async ({ id }) => {
        const { version } = (await admin.http.get(`/users/${id}`)).body;
        await admin.http.patch(`/users/${id}`, { isActive: false }, ifMatch(version));
      });

      const answers = [];
      for (const email of ['forgetful@example.com', 'nobody@example.com', 'switched-off@example.com'])
        answers.push(await forgot(email));

      for (const { status, body } of answers) expect([status, body]).toEqual([202, null]);
      expect(tokenIn(await mailbox.newest('forgetful@example.com', 'Choose a new password'))).toMatch(
        /^rv_rst_/,
      );
      expect(await mailbox.all('nobody@example.com')).toEqual([]);
      expect(await mailbox.all('switched-off@example.com', 'Choose a new password')).toEqual([]);
      expect(await actionsAbout(app, user.id)).toContain('user.password_forgot');
    });

    it('sends to one address only', async () => {
      for (const email of [
        ['a@example.com', 'b@example.com'],
        'a@example.com,b@example.com',
        { to: 'a@example.com' },
        null,
      ]) {
        expect((await app.http.post('/auth/password/forgot', { email })).status).toBe(422);
      }
    });

    it('sends to nobody when the address is given twice', async () => {
      for (const name of ['victim', 'thief']) await invited(app, admin, name);
      for (const body of [
        '{"email":"victim@example.com","email":"thief@example.com"}',
        '{"email":"victim@example.com","\\u0065mail":"thief@example.com"}',
        '{"email":"victim@example.com","email[]":"thief@example.com"}',
      ]) {
        const headers = { 'content-type': 'application/json' };
        const url = `${app.url}/api/v1/auth/password/forgot`;
        expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(422);
      }
      await invited(app, admin, 'afterwards');
      await forgot('afterwards@example.com');
      await mailbox.newest('afterwards@example.com', 'Choose a new password');
      for (const name of ['victim', 'thief'])
        expect(await mailbox.all(`${name}@example.com`, 'Choose a new password')).toEqual([]);
    });

    it('sends no more than five mails an hour', async () => {
      await invited(app, admin, 'flooded');
      for (let i = 0; i < 8; i += 1) await forgot('flooded@example.com');

      await mailbox.atLeast(5, 'flooded@example.com', 'Choose a new password');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await mailbox.all('flooded@example.com', 'Choose a new password')).toHaveLength(5);
    });
  });

  describe('reset', () => {
    it('sets the password once, ends all sessions and tells the owner', async () => {
      const user = await invited(app, admin, 'resetter');
      const token = await resetTokenFor('resetter@example.com');

      expect((await reset(token, 'short')).body).toMatchObject({
        status: 422,
        errors: [{ pointer: '/newPassword', code: 'min_length' }],
      });
      expect((await reset(token)).status).toBe(204);
      expect((await reset(token)).body).toMatchObject({ status: 400, code: 'invalid_token' });

      expect((await user.http.get('/auth/me')).status).toBe(401);
      const refreshed = await app.http.post('/auth/refresh', { refreshToken: user.tokens.refreshToken });
      expect(refreshed.status).toBe(401);
      expect((await login('resetter', NEW_PASSWORD)).status).toBe(200);
      await mailbox.newest('resetter@example.com', 'was changed');
      expect(await actionsAbout(app, user.id)).toContain('user.password_reset');
    });

    it('works once under a hundred simultaneous uses on two processes', async () => {
      await invited(app, admin, 'contested');
      const token = await resetTokenFor('contested@example.com');

      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => reset(token, NEW_PASSWORD, i % 2 === 0 ? app : replica)),
      );

      expect(tally(answers)).toEqual({ 204: 1, 400: 99 });
    });

    it('takes the newest token only, for an hour', async () => {
      const user = await invited(app, admin, 'impatient');
      const older = await resetTokenFor('impatient@example.com');
      const newer = await resetTokenFor('impatient@example.com', 2);
      expect((await reset(older)).status).toBe(400);

      const minutes = await withSql(app, async (sql) => {
        const { rows } = await sql.query<{ minutes: number }>(
          `SELECT extract(epoch FROM expires_at - created_at)::integer / 60 AS minutes FROM one_time_tokens
           WHERE subject_id = $1 AND purpose = 'reset' AND used_at IS NULL`,
          [user.id],
        );
        await sql.query(
          `UPDATE one_time_tokens SET expires_at = now() - interval '1 second' WHERE subject_id = $1`,
          [user.id],
        );
        return rows[0].minutes;
      });
      expect(minutes).toBeLessThanOrEqual(60);
      expect((await reset(newer)).status).toBe(400);
    });

    it('is no way back for a disabled user', async () => {
      const user = await invited(app, admin, 'barred');
      const token = await resetTokenFor('barred@example.com');
      const { version } = (await admin.http.get(`/users/${user.id}`)).body;
      await admin.http.patch(`/users/${user.id}`, { isActive: false }, ifMatch(version));

      expect((await reset(token)).body).toMatchObject({ status: 400, code: 'invalid_token' });
      expect((await login('barred', NEW_PASSWORD)).body).toMatchObject({
        status: 401,
        code: 'invalid_credentials',
      });
      expect((await admin.http.get(`/users/${user.id}`)).body.isActive).toBe(false);
    });

    it('keeps only hashes of tokens', async () => {
      await invited(app, admin, 'hashed');
      const token = await resetTokenFor('hashed@example.com');

      const stored = await withSql(
        app,
        async (sql) => (await sql.query('SELECT * FROM one_time_tokens')).rows,
      );
      expect(JSON.stringify(stored)).not.toContain(token);
    });
  });
});
