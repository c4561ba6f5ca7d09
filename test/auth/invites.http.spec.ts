import { type Actor, invited, PASSWORD, setUp, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { Mailbox, tokenIn } from './mailbox.js';
import { actionsAbout, longSignedIn, tally, withSql } from './stage.js';

describe('Invitations', () => {
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

  const invite = async (username: string, roles?: string[]) =>
    (await admin.http.post('/users', { username, email: `${username}@example.com`, roles })).body;
  const accept = (token: string, password = PASSWORD, at = app) =>
    at.http.post('/auth/invite/accept', { token, password });

  it('creates the user, shows the token once, and mails it', async () => {
    const { status, headers, body } = await admin.http.post('/users', {
      username: 'ken',
      email: 'ken@example.com',
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/users/${body.id}`);
    expect(body.inviteToken).toMatch(/^rv_inv_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    const hours = (new Date(body.inviteExpiresAt).getTime() - new Date(body.createdAt).getTime()) / 3_600_000;
    expect(hours).toBeCloseTo(72, 2);
    expect((await admin.http.get(`/users/${body.id}`)).body).not.toHaveProperty('inviteToken');
    expect(tokenIn(await mailbox.newest('ken@example.com', 'invited'))).toBe(body.inviteToken);
    expect(await actionsAbout(app, body.id)).toEqual(['user.invite']);
  });

  it('is accepted with a password and signs in, once', async () => {
    const { id, inviteToken } = await invite('dennis', ['operator']);

    const accepted = await accept(inviteToken);
    const again = await accept(inviteToken);

    expect(accepted.status).toBe(200);
    expect(accepted.body).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: expect.stringMatching(/^rv_ref_/),
      refreshExpiresAt: expect.any(String),
      sessionId: expect.any(String),
    });
    expect(again.body).toMatchObject({ status: 400, code: 'invalid_token' });
    const me = await app.http.as(accepted.body).get('/auth/me');
    expect(me.body).toMatchObject({ principal: { kind: 'user', id, name: 'dennis' } });
    expect(me.body.roles).toContain('operator');
    await signIn(app, 'DENNIS');
    expect(await actionsAbout(app, id)).toEqual(
      expect.arrayContaining(['user.invite', 'user.invite_accept']),
    );
  });

  it('is spent exactly once by a hundred simultaneous uses on two processes', async () => {
    const { inviteToken } = await invite('contested');

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => accept(inviteToken, PASSWORD, i % 2 === 0 ? app : replica)),
    );

    expect(tally(answers)).toEqual({ 200: 1, 400: 99 });
    const sessions = await withSql(app, (sql) =>
      sql.query(
        `SELECT s.id FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE u.username = 'contested'`,
      ),
    );
    expect(sessions.rowCount).toBe(1);
  });

  it('survives a password that is refused, with reasons', async () => {
    const { inviteToken } = await invite('barbara');

    const short = await accept(inviteToken, 'short');
    const common = await accept(inviteToken, 'password1234');
    const own = await accept(inviteToken, 'barbara-barbara-01');

    expect(short.body).toMatchObject({ status: 422, errors: [{ pointer: '/password', code: 'min_length' }] });
    expect(common.body.errors.map(({ code }: { code: string }) => code)).toContain('common_password');
    expect(own.body.errors.map(({ code }: { code: string }) => code)).toContain('contains_identifier');
    expect((await accept(inviteToken)).status).toBe(200);
  });

  it('expires after 72 hours', async () => {
    const { id, inviteToken } = await invite('late');
    await withSql(app, (sql) =>
      sql.query(`UPDATE one_time_tokens SET expires_at = now() - interval '1 second' WHERE subject_id = $1`, [
        id,
      ]),
    );

    expect((await accept(inviteToken)).body).toMatchObject({ status: 400, code: 'invalid_token' });
  });

  it('is replaced by a new one, but not once it was accepted', async () => {
    const { id, inviteToken } = await invite('edsger');

    const second = await admin.http.post(`/users/${id}/invite`);

    expect(second.status).toBe(200);
    expect(second.body.inviteToken).not.toBe(inviteToken);
    expect((await accept(inviteToken)).status).toBe(400);
    expect((await accept(second.body.inviteToken)).status).toBe(200);
    expect((await admin.http.post(`/users/${id}/invite`)).body).toMatchObject({
      status: 409,
      code: 'invite_already_accepted',
    });
  });

  it('opens nothing for a disabled or deleted user, nor after the address was changed', async () => {
    const disabled = await invite('off');
    await admin.http.patch(`/users/${disabled.id}`, { isActive: false }, ifMatch(disabled.version));
    const deleted = await invite('gone');
    await admin.http.delete(`/users/${deleted.id}`, ifMatch(deleted.version));
    const moved = await invite('moved');
    await admin.http.patch(`/users/${moved.id}`, { email: 'moved-on@example.com' }, ifMatch(moved.version));

    for (const { inviteToken } of [disabled, deleted, moved]) {
      expect((await accept(inviteToken)).body).toMatchObject({ status: 400, code: 'invalid_token' });
    }
  });

  it.each(['', 'nonsense', "' OR 1=1--", 'rv_inv_', `rv_inv_${'A'.repeat(43)}_000000`])(
    'refuses %p',
    async (token) => {
      expect([400, 422]).toContain((await accept(token)).status);
    },
  );

  it('takes no other kind of token', async () => {
    const { tokens } = await invited(app, admin, 'wrong-slot');

    expect((await accept(tokens.refreshToken)).body).toMatchObject({ status: 400, code: 'invalid_token' });
    expect(
      (await app.http.post('/auth/password/reset', { token: tokens.refreshToken, newPassword: PASSWORD }))
        .status,
    ).toBe(400);
  });

  it('is given again only by somebody who may do what the invited user may', async () => {
    const member = await invite('plain-member');
    const boss = await invite('future-admin', ['admin']);
    const { body: key } = await admin.http.post('/auth/api-keys', { scopes: ['user.write'] });
    const limited = app.http.as(key.key);

    const refused = await limited.post(`/users/${boss.id}/invite`);

    expect(refused.body).toMatchObject({ status: 403, code: 'target_outranks_caller' });
    expect((await limited.post(`/users/${member.id}/invite`)).status).toBe(200);
  });

  it('is given again for more than a member only upon a recent proof of identity', async () => {
    const tired = await longSignedIn(app, await invited(app, admin, 'weary-admin', ['admin']));
    const viewer = await invite('future-viewer', ['viewer']);
    const member = await invite('future-member');

    expect((await tired.http.post(`/users/${viewer.id}/invite`)).body).toMatchObject({
      status: 403,
      code: 'step_up_required',
    });
    expect((await tired.http.post(`/users/${member.id}/invite`)).status).toBe(200);
    expect((await admin.http.post(`/users/${viewer.id}/invite`)).status).toBe(200);
  });

  it('is given again for somebody with a terminal flag only by one who has it, too', async () => {
    const flagged = await invite('flagged');
    const flag = (id: string, version: number) =>
      admin.http.patch(`/users/${id}`, { isServerTerminalAuthorized: true }, ifMatch(version));
    await flag(flagged.id, flagged.version);

    const refused = await admin.http.post(`/users/${flagged.id}/invite`);
    await flag(admin.id, (await admin.http.get(`/users/${admin.id}`)).body.version);
    const given = await admin.http.post(`/users/${flagged.id}/invite`);

    expect(refused.body).toMatchObject({ status: 403, code: 'target_outranks_caller' });
    expect(given.status).toBe(200);
  });

  it('opens nothing any more once the user was disabled, also when enabled again', async () => {
    const { id, inviteToken, version } = await invite('on-and-off');
    const off = await admin.http.patch(`/users/${id}`, { isActive: false }, ifMatch(version));
    await admin.http.patch(`/users/${id}`, { isActive: true }, ifMatch(off.body.version));

    expect((await accept(inviteToken)).body).toMatchObject({ status: 400, code: 'invalid_token' });
  });

  it('grants roles only upon a recent proof of identity, and only what the inviter may', async () => {
    const tired = await longSignedIn(app, await invited(app, admin, 'tired-admin', ['admin']));

    const withRole = await tired.http.post('/users', {
      username: 'r1',
      email: 'r1@example.com',
      roles: ['viewer'],
    });
    const without = await tired.http.post('/users', { username: 'r1', email: 'r1@example.com' });

    expect(withRole.body).toMatchObject({ status: 403, code: 'step_up_required' });
    expect(without.status).toBe(201);
  });
});
