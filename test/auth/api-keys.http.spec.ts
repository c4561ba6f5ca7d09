import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '../../src/kernel/database/index.js';
import { type Actor, invited, PASSWORD, setUp, signIn } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { actionsAbout, longSignedIn, tally, withSql } from './stage.js';

const DAY_MS = 24 * 3_600_000;
/** Every process knows of a change by then. */
const KNOWN_EVERYWHERE_MS = 1_000;

describe('API keys', () => {
  let app: TestApp;
  let replica: TestApp;
  let admin: Actor;

  beforeAll(async () => {
    app = await startApp();
    replica = await startApp({ replicaOf: app, configuration: { trustedProxies: ['127.0.0.1/32'] } });
    admin = await setUp(app);
  });
  afterAll(async () => {
    await replica?.close();
    await app?.close();
  });

  const create = async (actor: Actor, wish: object = {}) =>
    (await actor.http.post('/auth/api-keys', wish)).body;
  const use = (key: string, path = '/auth/me', at = app) => at.http.as(key).get(path);

  it('are shown once, and only a hash is kept', async () => {
    const { status, headers, body } = await admin.http.post('/auth/api-keys', { name: 'laptop' });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/auth/api-keys/${body.id}`);
    expect(body.key).toMatch(/^rv_usr_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(body).toMatchObject({
      name: 'laptop',
      keyPrefix: body.key.slice(0, 16),
      scopes: null,
      allowedCidrs: [],
    });
    expect(new Date(body.expiresAt).getTime() - new Date(body.createdAt).getTime()).toBe(90 * DAY_MS);
    const list = (await admin.http.get('/auth/api-keys')).body.items;
    expect(list[0]).toMatchObject({ id: body.id, name: 'laptop' });
    for (const shown of [list[0], (await admin.http.get(`/auth/api-keys/${body.id}`)).body]) {
      expect(shown).not.toHaveProperty('key');
      expect(shown).not.toHaveProperty('keyHash');
    }
    const stored = await withSql(app, async (sql) => {
      const { rows } = await sql.query(
        "SELECT k.*, (SELECT string_agg(detail, '') FROM audit_entries) AS log FROM api_keys k",
      );
      return JSON.stringify(rows);
    });
    expect(stored).not.toContain(body.key);
    expect(await actionsAbout(app, body.id)).toEqual(['api_key.create']);
  });

  it('act as their owner on both processes, without a query once they are known', async () => {
    const { id, key } = await create(admin);

    const me = await use(key);
    await use(key, '/auth/me', replica);

    expect(me.body).toMatchObject({ principal: { kind: 'user', id: admin.id } });
    expect(id).toBeDefined();
    await use(key, '/permissions');
    const before = app.get(Database).queriesIssued;
    // A read of the change feed may fall into the measured time, but not one per request.
    for (let i = 0; i < 50; i += 1) expect((await use(key, '/permissions')).status).toBe(200);
    expect(app.get(Database).queriesIssued - before).toBeLessThan(10);
  });

  it('may do what both the owner and the scopes allow, at the time of use', async () => {
    const user = await invited(app, admin, 'scoped', ['auditor']);
    const all = await create(user);
    const narrow = await create(user, { scopes: ['user.read'] });
    const none = await create(user, { scopes: [] });
    const beyond = await create(user, { scopes: ['user.write'] });

    expect((await use(all.key, '/users')).status).toBe(200);
    expect((await use(narrow.key, '/users')).status).toBe(200);
    expect((await use(narrow.key, '/audit/entries')).status).toBe(403);
    expect((await use(none.key, '/users')).status).toBe(403);
    expect((await use(none.key)).status).toBe(200);
    const write = await app.http.as(beyond.key).post('/users', { username: 'x', email: 'x@example.com' });
    expect(write.body).toMatchObject({ status: 403, code: 'forbidden' });

    const { version } = (await admin.http.get(`/users/${user.id}`)).body;
    await admin.http.patch(`/users/${user.id}`, { roles: [] }, ifMatch(version));
    await pause(KNOWN_EVERYWHERE_MS);
    expect((await use(narrow.key, '/users')).status).toBe(403);
    expect((await use(narrow.key, '/users', replica)).status).toBe(403);
  });

  it('refuse unknown scopes, networks and ends, with pointers', async () => {
    const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
    for (const [wish, pointer] of [
      [{ scopes: ['user.read', 'no.such_permission'] }, '/scopes/1'],
      [{ scopes: 'user.read' }, '/scopes'],
      [{ allowedCidrs: ['10.0.0.0'] }, '/allowedCidrs/0'],
      [{ allowedCidrs: ['10.0.0.0/8', '10.0.0.0/33'] }, '/allowedCidrs/1'],
      [{ expiresAt: at(-1000) }, '/expiresAt'],
      [{ expiresAt: at(366 * DAY_MS) }, '/expiresAt'],
      [{ expiresAt: 'tomorrow' }, '/expiresAt'],
      [{ name: 'x'.repeat(65) }, '/name'],
      [{ userId: admin.id }, '/userId'],
      [{ tenantId: admin.id }, '/tenantId'],
      [{ permissions: ['user.write'] }, '/permissions'],
      [{ createdBy: admin.id }, '/createdBy'],
    ] as const) {
      const { status, body } = await admin.http.post('/auth/api-keys', wish);
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    }
    expect((await admin.http.post('/auth/api-keys', { expiresAt: at(364 * DAY_MS) })).status).toBe(201);

    const nonsense = Array.from({ length: 900 }, (_, index) => `no.such_permission_${index}`);
    const { errors } = (await admin.http.post('/auth/api-keys', { scopes: nonsense, allowedCidrs: [1] }))
      .body;
    // Of each rule enough to see what is wrong, and nothing else is crowded out.
    const codes = (errors as { code: string }[]).map(({ code }) => code);
    expect(codes.filter((code) => code === 'unknown_permission')).toHaveLength(20);
    expect(codes).toEqual(expect.arrayContaining(['max_items', 'string']));
  });

  it('stop at their end, which is judged at use', async () => {
    const { key } = await create(admin, { expiresAt: new Date(Date.now() + 1_500).toISOString() });

    expect((await use(key)).status).toBe(200);
    await pause(1_600);
    expect((await use(key)).body).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('stop when they are revoked, on every process within a second', async () => {
    const { id, key } = await create(admin);
    await use(key);
    await use(key, '/auth/me', replica);

    expect((await admin.http.delete(`/auth/api-keys/${id}`)).status).toBe(204);

    expect((await use(key)).status).toBe(401);
    await pause(KNOWN_EVERYWHERE_MS);
    expect((await use(key, '/auth/me', replica)).status).toBe(401);
    expect((await admin.http.get(`/auth/api-keys/${id}`)).body.revokedAt).not.toBeNull();
    expect(await actionsAbout(app, id)).toEqual(['api_key.create', 'api_key.revoke']);
  });

  it('end for good when their owner is disabled or deleted', async () => {
    const user = await invited(app, admin, 'owner');
    const { id, key } = await create(user);
    const change = async (isActive: boolean) => {
      const { version } = (await admin.http.get(`/users/${user.id}`)).body;
      await admin.http.patch(`/users/${user.id}`, { isActive }, ifMatch(version));
      await pause(KNOWN_EVERYWHERE_MS);
    };
    await use(key, '/auth/me', replica);

    await change(false);
    expect((await use(key)).status).toBe(401);
    expect((await use(key, '/auth/me', replica)).status).toBe(401);
    await change(true);
    expect((await use(key, '/auth/me', replica)).status).toBe(401);
    const [ended] = await withSql(app, async (sql) => {
      const { rows } = await sql.query<{ reason: string }>(
        `SELECT detail::jsonb->>'reason' AS reason FROM audit_entries WHERE action = 'api_key.revoke' AND resource_id = $1`,
        [id],
      );
      return rows;
    });
    expect(ended.reason).toBe('owner_disabled');

    const again = await create({ ...user, http: app.http.as(await signIn(app, 'owner')) });
    expect((await use(again.key, '/auth/me', replica)).status).toBe(200);
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;
    await admin.http.delete(`/users/${user.id}`, ifMatch(version));
    await admin.http.post(`/users/${user.id}/undelete`);
    await pause(KNOWN_EVERYWHERE_MS);
    expect((await use(again.key)).status).toBe(401);
    expect((await use(again.key, '/auth/me', replica)).status).toBe(401);
  });

  it('are not made for an owner who is being disabled', async () => {
    const user = await invited(app, admin, 'racer');
    const { version } = (await admin.http.get(`/users/${user.id}`)).body;

    await Promise.all([
      ...Array.from({ length: 20 }, () => user.http.at(replica.url).post('/auth/api-keys', {})),
      admin.http.patch(`/users/${user.id}`, { isActive: false }, ifMatch(version)),
    ]);

    const { rows } = await withSql(app, (sql) =>
      sql.query('SELECT id FROM api_keys WHERE owner_id = $1 AND revoked_at IS NULL', [user.id]),
    );
    expect(rows).toEqual([]);
  });

  it('work from listed networks only, and believe forwarded addresses from configured proxies only', async () => {
    const { key } = await create(admin, { allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] });
    const local = await create(admin, { allowedCidrs: ['127.0.0.0/8'] });
    const from = (address: string, at: TestApp) =>
      at.http.as(key).get('/auth/me', { headers: { 'x-forwarded-for': address } });

    expect((await use(key)).status).toBe(401);
    expect((await from('203.0.113.9', app)).status).toBe(401);
    expect((await from('203.0.113.9', replica)).status).toBe(200);
    expect((await from('2001:db8::5', replica)).status).toBe(200);
    expect((await from('203.0.114.9', replica)).status).toBe(401);
    expect((await use(local.key)).status).toBe(200);
  });

  it('are rotated: both work for the overlap, then only the new one', async () => {
    const old = await create(admin, { name: 'ci', scopes: ['user.read'], allowedCidrs: ['127.0.0.0/8'] });

    const rotated = await admin.http.post(`/auth/api-keys/${old.id}/rotate`, { overlapSeconds: 1 });

    expect(rotated.status).toBe(201);
    expect(rotated.headers.get('location')).toBe(`/api/v1/auth/api-keys/${rotated.body.id}`);
    expect(rotated.body).toMatchObject({ name: 'ci', scopes: ['user.read'], allowedCidrs: ['127.0.0.0/8'] });
    expect((await use(old.key)).status).toBe(200);
    expect((await use(rotated.body.key)).status).toBe(200);
    await pause(1_100);
    expect((await use(old.key)).status).toBe(401);
    expect((await use(rotated.body.key)).status).toBe(200);
    expect((await admin.http.get(`/auth/api-keys/${old.id}`)).body.replacedById).toBe(rotated.body.id);
    expect(await actionsAbout(app, old.id)).toContain('api_key.rotate');
  });

  it('overlap for a day unless said otherwise, never beyond the end of the old key, and for seven days at most', async () => {
    const usual = await create(admin);
    const short = await create(admin, { expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const now = await create(admin);

    await admin.http.post(`/auth/api-keys/${usual.id}/rotate`);
    await admin.http.post(`/auth/api-keys/${short.id}/rotate`, {});
    await admin.http.post(`/auth/api-keys/${now.id}/rotate`, { overlapSeconds: 0 });
    const tooLong = await admin.http.post(`/auth/api-keys/${usual.id}/rotate`, { overlapSeconds: 604_801 });

    const endOf = async (id: string) =>
      new Date((await admin.http.get(`/auth/api-keys/${id}`)).body.expiresAt).getTime();
    expect((await endOf(usual.id)) - Date.now()).toBeLessThanOrEqual(DAY_MS);
    expect((await endOf(usual.id)) - Date.now()).toBeGreaterThan(DAY_MS - 60_000);
    expect(await endOf(short.id)).toBe(new Date(short.expiresAt).getTime());
    expect((await use(now.key)).status).toBe(401);
    expect(tooLong.body.errors[0].pointer).toBe('/overlapSeconds');
  });

  it('get one successor from a hundred simultaneous rotations', async () => {
    const { id } = await create(admin);

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? admin.http : admin.http.at(replica.url)).post(`/auth/api-keys/${id}/rotate`),
      ),
    );

    expect(tally(answers)).toEqual({ 201: 1, 409: 99 });
  });

  it('cannot make keys, change passwords or sign in, and need a recent proof of identity to be made', async () => {
    const { id, key } = await create(admin);
    const holder = app.http.as(key);

    for (const answer of [
      await holder.post('/auth/api-keys', {}),
      await holder.post(`/auth/api-keys/${id}/rotate`, {}),
      await holder.get('/auth/api-keys'),
      await holder.delete(`/auth/api-keys/${id}`),
      await holder.post('/auth/password/change', {
        currentPassword: PASSWORD,
        newPassword: 'something else entirely 9',
      }),
      await holder.post('/auth/reauthenticate', { password: PASSWORD }),
    ]) {
      expect(answer.body).toMatchObject({ status: 403, code: 'credential_not_allowed' });
    }
    const tired = await longSignedIn(app, await invited(app, admin, 'tired'));
    expect((await tired.http.post('/auth/api-keys', {})).body).toMatchObject({
      status: 403,
      code: 'step_up_required',
    });
    expect((await tired.http.get('/auth/api-keys')).status).toBe(200);
  });

  it('with user.write change users, except where a recent proof of identity is asked for', async () => {
    const user = await invited(app, admin, 'by-key');
    const { key } = await create(admin, { scopes: ['user.read', 'user.write'] });
    const holder = app.http.as(key);
    const path = `/users/${user.id}`;
    const { version } = (await holder.get(path)).body;

    const flags = await holder.patch(path, { isTerminalAuthorized: true }, ifMatch(version));
    const name = await holder.patch(path, { username: 'by-key-2' }, ifMatch(version));

    expect(flags.body).toMatchObject({ status: 403, code: 'credential_not_allowed' });
    expect(name.status).toBe(200);
  });

  it('belong to their owner alone', async () => {
    const mine = await create(admin);
    const other = await invited(app, admin, 'other');

    for (const answer of [
      await other.http.get(`/auth/api-keys/${mine.id}`),
      await other.http.delete(`/auth/api-keys/${mine.id}`),
      await other.http.post(`/auth/api-keys/${mine.id}/rotate`, {}),
    ]) {
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('note their last use in the background, without an entry', async () => {
    const { id, key } = await create(admin);
    const before = await actionsAbout(app, id);
    for (let i = 0; i < 5; i += 1) await use(key);

    await pause(1_500);

    const { lastUsedAt } = (await admin.http.get(`/auth/api-keys/${id}`)).body;
    expect(Math.abs(new Date(lastUsedAt).getTime() - Date.now())).toBeLessThan(10_000);
    await use(key);
    await pause(1_200);
    expect((await admin.http.get(`/auth/api-keys/${id}`)).body.lastUsedAt).toBe(lastUsedAt);
    expect(await actionsAbout(app, id)).toEqual(before);
  });

  it.each([
    "rv_usr_' OR 1=1--",
    `rv_usr_${'A'.repeat(43)}_000000`,
    `rv_usr_${'A'.repeat(8_000)}`,
    'rv_svc_',
    'rv_inv_0000000000000000000000000000000000000000000_000000',
  ])('that are no keys are 401: %.30s', async (key) => {
    expect((await use(key)).body).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('that are well-formed but unknown are 401', async () => {
    const { key } = await create(admin);
    const elsewhere = await startApp();
    try {
      expect((await use(key, '/auth/me', elsewhere)).status).toBe(401);
      const before = elsewhere.get(Database).queriesIssued;
      for (let i = 0; i < 20; i += 1) expect((await use(key, '/auth/me', elsewhere)).status).toBe(401);
      expect(elsewhere.get(Database).queriesIssued - before).toBeLessThan(10);
    } finally {
      await elsewhere.close();
    }
  });
});
