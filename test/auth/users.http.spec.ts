import { type Actor, invited, PASSWORD, setUp, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { actionsAbout, longSignedIn, tally, withSql } from './stage.js';

const NOBODY = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99';

describe('Users', () => {
  let app: TestApp;
  let replica: TestApp;
  let admin: Actor;

  beforeAll(async () => {
    app = await startApp();
    replica = await startApp({ replicaOf: app });
    admin = await setUp(app);
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });

  it('shows a user to administrators, never the password hash or the canonical names', async () => {
    const user = await invited(app, admin, 'grace', ['operator']);

    const { status, body, headers } = await admin.http.get(`/users/${user.id}`);

    expect(status).toBe(200);
    expect(headers.get('etag')).toBe(`"${body.version}"`);
    expect(Object.keys(body).sort()).toEqual(
      [
        'createdAt',
        'createdBy',
        'deletedAt',
        'disabledReason',
        'email',
        'emailVerifiedAt',
        'id',
        'isActive',
        'isServerTerminalAuthorized',
        'isTerminalAuthorized',
        'lastLoginAt',
        'roles',
        'updatedAt',
        'username',
        'version',
      ].sort(),
    );
    expect(body).toMatchObject({ username: 'grace', createdBy: admin.id, isTerminalAuthorized: false });
    expect([...body.roles].sort()).toEqual(['member', 'operator']);
  });

  it('lists users newest first, in pages, and finds one by any spelling of a login', async () => {
    for (const name of ['list-a', 'list-b', 'list-c'])
      await admin.http.post('/users', { username: name, email: `${name}@example.com` });

    const first = await admin.http.get('/users?limit=2&total=true');
    const second = await admin.http.get(`/users?limit=2&cursor=${first.body.nextCursor}`);
    const found = await admin.http.get(`/users?login=${encodeURIComponent('LIST-B@Example.com')}`);
    const tampered = await admin.http.get(`/users?limit=2&cursor=A${first.body.nextCursor}`);

    const names = (page: { body: { items: { username: string }[] } }) =>
      page.body.items.map(({ username }) => username);
    expect(names(first)).toEqual(['list-c', 'list-b']);
    expect(names(second)[0]).toBe('list-a');
    expect(first.body.total).toBeGreaterThanOrEqual(4);
    expect(first.body.totalCapped).toBe(false);
    expect(names(found)).toEqual(['list-b']);
    expect(tampered.status).toBe(400);
    expect(tampered.body.code).toBe('invalid_cursor');
  });

  it('needs the permissions', async () => {
    const member = await invited(app, admin, 'member-only');

    expect((await member.http.get('/users')).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await member.http.post('/users', { username: 'x', email: 'x@example.com' })).status).toBe(403);
    expect((await app.http.get('/users')).status).toBe(401);
  });

  it('answers 404 for an id nobody has, and for what is no id', async () => {
    const unknown = await admin.http.get(`/users/${NOBODY}`);
    const malformed = await admin.http.get('/users/not-an-id');

    for (const { status, body } of [unknown, malformed])
      expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it('gives one name to one user, whatever its spelling and however many ask at once on two processes', async () => {
    const spellings = ['Hopper', 'HOPPER', 'hopper', 'hoPPer'];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => {
        const http = i % 2 === 0 ? admin.http : admin.http.at(replica.url);
        return http.post('/users', { username: spellings[i % spellings.length], email: `h${i}@example.com` });
      }),
    );

    expect(tally(answers)).toEqual({ 201: 1, 409: 99 });
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))).toEqual(
      new Set(['username_taken']),
    );
  });

  it('refuses a taken mail address and names with invisible or mixed-script letters', async () => {
    await admin.http.post('/users', { username: 'lin', email: 'lin@example.com' });

    const taken = await admin.http.post('/users', { username: 'lin2', email: 'LIN@example.com' });
    const invisible = await admin.http.post('/users', { username: 'li\u200bn3', email: 'lin3@example.com' });
    const mixed = await admin.http.post('/users', { username: 'l\u0456n', email: 'lin4@example.com' });
    const twoAddresses = await admin.http.post('/users', {
      username: 'lin5',
      email: ['a@example.com', 'b@example.com'],
    });

    expect(taken.body).toMatchObject({ status: 409, code: 'email_taken' });
    for (const { status, body } of [invisible, mixed]) {
      expect(status).toBe(422);
      expect(body.errors[0].pointer).toBe('/username');
    }
    expect(twoAddresses.status).toBe(422);
  });

  it('changes a user only from the version that If-Match names', async () => {
    const user = await invited(app, admin, 'versioned');
    const path = `/users/${user.id}`;
    const { version } = (await admin.http.get(path)).body;

    const missing = await admin.http.patch(path, { username: 'versioned-2' });
    const stale = await admin.http.patch(path, { username: 'versioned-2' }, ifMatch(version + 7));
    const right = await admin.http.patch(path, { username: 'versioned-2' }, ifMatch(version));

    expect(missing.body).toMatchObject({ status: 428, code: 'precondition_required' });
    expect(stale.body).toMatchObject({
      status: 409,
      code: 'version_mismatch',
      expected: version + 7,
      actual: version,
    });
    expect(right.body).toMatchObject({ username: 'versioned-2', version: version + 1 });
    expect(right.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(await actionsAbout(app, user.id)).toContain('user.update');
  });

  it('is unchanged for whoever has its version, and not any more when it was changed', async () => {
    const user = await invited(app, admin, 'seen-again');
    const { headers, body } = await admin.http.get(`/users/${user.id}`);
    const seen = { headers: { 'if-none-match': headers.get('etag') ?? '' } };

    const again = await admin.http.get(`/users/${user.id}`, seen);
    expect([again.status, again.headers.get('etag')]).toEqual([304, `"${body.version}"`]);

    await admin.http.patch(`/users/${user.id}`, { username: 'seen-anew' }, ifMatch(body.version as number));
    const changed = await admin.http.get(`/users/${user.id}`, seen);
    expect([changed.status, changed.body.username]).toEqual([200, 'seen-anew']);
  });

  it('lets one of a hundred simultaneous changes of one version through', async () => {
    const user = await invited(app, admin, 'contended');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? admin.http : admin.http.at(replica.url)).patch(
          `/users/${user.id}`,
          { username: `c-${i}` },
          ifMatch(version),
        ),
      ),
    );

    expect(tally(answers)).toEqual({ 200: 1, 409: 99 });
    expect((await admin.http.get(`/users/${user.id}`)).body.version).toBe(version + 1);
  });

  it('refuses unknown fields, nulls and wrong types with pointers', async () => {
    const user = await invited(app, admin, 'strict');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;

    for (const [body, pointer] of [
      [{ passwordHash: 'x' }, '/passwordHash'],
      [{ isActive: null }, '/isActive'],
      [{ isActive: 'false' }, '/isActive'],
      [{ roles: 'admin' }, '/roles'],
      [{ email: 'nobody' }, '/email'],
    ] as const) {
      const answer = await admin.http.patch(`/users/${user.id}`, body, ifMatch(version));
      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    }
    const unknownRole = await admin.http.patch(
      `/users/${user.id}`,
      { roles: ['no-such-role'] },
      ifMatch(version),
    );
    expect(unknownRole.status).toBe(422);
  });

  it('ends the sessions of a disabled user on every process, and enabling does not bring them back', async () => {
    const user = await invited(app, admin, 'leaver');
    await user.http.at(replica.url).get('/auth/me');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;

    const disabled = await admin.http.patch(`/users/${user.id}`, { isActive: false }, ifMatch(version));
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    expect(disabled.body).toMatchObject({ isActive: false, disabledReason: 'disabled_by_admin' });
    expect((await user.http.get('/auth/me')).status).toBe(401);
    expect((await user.http.at(replica.url).get('/auth/me')).status).toBe(401);
    expect((await app.http.post('/auth/login', { login: 'leaver', password: PASSWORD })).status).toBe(401);

    const enabled = await admin.http.patch(
      `/users/${user.id}`,
      { isActive: true },
      ifMatch(disabled.body.version),
    );
    expect(enabled.body).toMatchObject({ isActive: true, disabledReason: null });
    expect((await user.http.get('/auth/me')).status).toBe(401);
    await signIn(app, 'leaver');
    expect(await actionsAbout(app, user.id)).toEqual(expect.arrayContaining(['user.disable', 'user.enable']));
  });

  it('deletes a user, frees the names, and brings the user back unless they are taken', async () => {
    const user = await invited(app, admin, 'phoenix');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;

    expect((await admin.http.delete(`/users/${user.id}`)).status).toBe(428);
    expect((await admin.http.delete(`/users/${user.id}`, ifMatch(version))).status).toBe(204);
    expect((await user.http.get('/auth/me')).status).toBe(401);
    expect((await admin.http.get(`/users/${user.id}`)).status).toBe(404);
    expect(
      (await admin.http.get('/users?deleted=true')).body.items.map(({ id }: { id: string }) => id),
    ).toContain(user.id);

    const heir = await admin.http.post('/users', { username: 'phoenix', email: 'heir@example.com' });
    expect(heir.status).toBe(201);
    expect((await admin.http.post(`/users/${user.id}/undelete`)).body).toMatchObject({
      status: 409,
      code: 'username_taken',
    });

    await admin.http.delete(`/users/${heir.body.id}`, ifMatch(heir.body.version));
    const back = await admin.http.post(`/users/${user.id}/undelete`);
    expect(back.status).toBe(200);
    expect(back.body).toMatchObject({ id: user.id, deletedAt: null, roles: ['member'] });
    expect((await admin.http.post(`/users/${user.id}/undelete`)).body).toMatchObject({
      status: 409,
      code: 'user_not_deleted',
    });
    expect(await actionsAbout(app, user.id)).toEqual(
      expect.arrayContaining(['user.delete', 'user.undelete']),
    );
  });

  it('lets nobody disable or delete themselves', async () => {
    const { version } = (await admin.http.get(`/users/${admin.id}`)).body;
    await invited(app, admin, 'second-admin', ['admin']);

    const disable = await admin.http.patch(`/users/${admin.id}`, { isActive: false }, ifMatch(version));
    const remove = await admin.http.delete(`/users/${admin.id}`, ifMatch(version));

    for (const { body } of [disable, remove])
      expect(body).toMatchObject({ status: 403, code: 'own_account' });
  });

  it('asks for a recent proof of identity where roles, address or terminal flags change, and only there', async () => {
    const boss = await longSignedIn(app, await invited(app, admin, 'boss', ['admin']));
    const user = await invited(app, admin, 'flagged');
    const path = `/users/${user.id}`;
    const { version } = (await boss.http.get(path)).body;

    for (const change of [
      { roles: ['viewer'] },
      { email: 'flagged-2@example.com' },
      { isTerminalAuthorized: true },
      { isServerTerminalAuthorized: true },
    ]) {
      const answer = await boss.http.patch(path, { username: 'not-applied', ...change }, ifMatch(version));
      expect(answer.body).toMatchObject({ status: 403, code: 'step_up_required' });
    }
    expect((await boss.http.get(path)).body).toMatchObject({ username: 'flagged', version });
    const plain = await boss.http.patch(
      path,
      { username: 'flagged-too', isTerminalAuthorized: false },
      ifMatch(version),
    );
    expect(plain.status).toBe(200);

    const flags = await admin.http.patch(path, { isTerminalAuthorized: true }, ifMatch(plain.body.version));
    expect(flags.body).toMatchObject({ isTerminalAuthorized: true, isServerTerminalAuthorized: false });
    expect(await actionsAbout(app, user.id)).toContain('user.terminal_flags');
  });

  it('keeps names and addresses out of the part of the record that cannot be erased', async () => {
    const user = await invited(app, admin, 'private-person');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;
    await admin.http.patch(`/users/${user.id}`, { email: 'secret-address@example.com' }, ifMatch(version));

    const details = await withSql(app, async (sql) => {
      const { rows } = await sql.query<{ detail: string }>(
        'SELECT detail FROM audit_entries WHERE resource_id = $1',
        [user.id],
      );
      return rows.map(({ detail }) => detail).join('\n');
    });

    expect(details).not.toMatch(/private-person|secret-address/);
  });
});

describe('The last administrator', () => {
  let app: TestApp;
  let replica: TestApp;

  beforeAll(async () => {
    app = await startApp();
    replica = await startApp({ replicaOf: app });
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });

  it('stays, also when several remove each other at once on two processes', async () => {
    const first = await setUp(app, 'first');
    const others = [];
    for (const name of ['second', 'third', 'fourth']) others.push(await invited(app, first, name, ['admin']));
    const all = [first, ...others];
    const versions = new Map<string, number>();
    for (const { id } of all) versions.set(id, (await first.http.get(`/users/${id}`)).body.version);

    await Promise.all(
      all.flatMap((actor, i) =>
        all
          .filter((target) => target !== actor)
          .map(({ id }, j) => {
            const http = (i + j) % 2 === 0 ? actor.http : actor.http.at(replica.url);
            const match = ifMatch(versions.get(id) ?? 0);
            if (j === 0) return http.delete(`/users/${id}`, match);
            return http.patch(`/users/${id}`, j === 1 ? { isActive: false } : { roles: [] }, match);
          }),
      ),
    );

    const left = await withSql(app, async (sql) => {
      const { rows } = await sql.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM users u JOIN role_bindings b ON b.subject_id = u.id JOIN roles r ON r.id = b.role_id
         WHERE u.is_active AND u.deleted_at IS NULL AND r.name = 'admin'`,
      );
      return rows[0].count;
    });
    expect(left).toBeGreaterThanOrEqual(1);
  });

  it('cannot be disabled, deleted or demoted', async () => {
    const lonely = await startApp();
    try {
      const admin = await setUp(lonely);
      const keeper = await invited(lonely, admin, 'keeper', ['admin']);
      const { version } = (await admin.http.get(`/users/${keeper.id}`)).body;
      // The one who asks is an admin on loan, so `keeper` is the last one for good.
      await withSql(lonely, (sql) =>
        sql.query(`UPDATE role_bindings SET expires_at = now() + interval '1 hour' WHERE subject_id = $1`, [
          admin.id,
        ]),
      );

      const answers = [
        await admin.http.patch(`/users/${keeper.id}`, { isActive: false }, ifMatch(version)),
        await admin.http.patch(`/users/${keeper.id}`, { roles: [] }, ifMatch(version)),
        await admin.http.delete(`/users/${keeper.id}`, ifMatch(version)),
      ];

      for (const { body } of answers) expect(body).toMatchObject({ status: 409, code: 'last_admin' });

      // Somebody who cannot sign in, for want of a confirmed address, cannot be relied on either.
      const other = await invited(lonely, admin, 'unconfirmed', ['admin']);
      await withSql(lonely, (sql) =>
        sql.query('UPDATE users SET email_verified_at = NULL WHERE id = $1', [other.id]),
      );
      expect((await admin.http.delete(`/users/${keeper.id}`, ifMatch(version))).body.code).toBe('last_admin');
    } finally {
      await lonely.close();
    }
  });
});
