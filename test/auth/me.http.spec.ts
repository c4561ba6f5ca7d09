import { invited, setUp, signIn, type Actor } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { person, sql } from './people.js';

describe('GET /auth/me', () => {
  let app: TestApp;
  let admin: Actor;
  beforeAll(async () => {
    app = await startApp();
    admin = await setUp(app);
  });
  afterAll(() => app.close());

  it('says who one is, what one may do, and with which session', async () => {
    const { status, body } = await admin.http.get('/auth/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      principal: { kind: 'user', id: admin.id, name: 'ada' },
      user: {
        id: admin.id,
        username: 'ada',
        email: 'ada@example.com',
        isActive: true,
        isTerminalAuthorized: false,
        isServerTerminalAuthorized: false,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        lastLoginAt: expect.any(String),
        createdBy: null,
        version: expect.any(Number),
      },
      tenantId: '00000000-0000-7000-8000-000000000001',
      roles: ['admin', 'member'],
      permissions: expect.arrayContaining(['user.write', 'session.revoke']),
      departments: [],
      session: expect.objectContaining({ id: admin.tokens.sessionId, current: true, authProvider: 'local' }),
    });
  });

  it('knows keys of users and of services', async () => {
    const key = (await admin.http.post('/auth/api-keys', { name: 'laptop', scopes: ['user.read'] })).body.key;
    const asKey = (await app.http.as(key).get('/auth/me')).body;
    expect(asKey).toMatchObject({ principal: { kind: 'user', id: admin.id }, permissions: ['user.read'] });
    expect(asKey.session).toBeUndefined();
    const service = (await admin.http.post('/service-principals', { name: 'nightly' })).body;
    const issued = await admin.http.post(`/service-principals/${service.id}/keys`, {});
    const asService = (await app.http.as(issued.body.key).get('/auth/me')).body;
    expect(asService).toMatchObject({
      principal: { kind: 'service', id: service.id, name: 'nightly' },
      service: {
        id: service.id,
        name: 'nightly',
        isTerminalAuthorized: false,
        isServerTerminalAuthorized: false,
      },
    });
    expect(asService.user).toBeUndefined();
  });

  it('is not for nobody', async () => {
    const { status, body, headers } = await app.http.get('/auth/me');
    expect([status, body.code]).toEqual([401, 'unauthorized']);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('Sessions of others', () => {
  let app: TestApp;
  let admin: Actor;
  let bea: Actor;
  beforeAll(async () => {
    app = await startApp();
    admin = await setUp(app);
    bea = await invited(app, admin, 'bea');
  });
  afterAll(() => app.close());

  it('are shown page by page, by user and by provider, to those who may', async () => {
    const more = [await signIn(app, 'bea'), await signIn(app, 'bea')];
    const ids = [bea.tokens, ...more].map(({ sessionId }) => sessionId).reverse();
    const first = (await admin.http.get(`/users/${bea.id}/sessions?limit=2&total=true`)).body;
    expect(first).toMatchObject({ total: 3, items: [{ id: ids[0], current: false }, { id: ids[1] }] });
    const second = (await admin.http.get(`/users/${bea.id}/sessions?limit=2&cursor=${first.nextCursor}`))
      .body;
    expect(second).toMatchObject({ nextCursor: null, items: [{ id: ids[2] }] });
    expect((await admin.http.get('/sessions?provider=local&total=true')).body.total).toBe(4);
    expect((await admin.http.get('/sessions?provider=okta')).body.items).toEqual([]);
    expect((await admin.http.get(`/sessions?userId=${bea.id}&provider=local`)).body.items).toHaveLength(3);
    expect((await admin.http.get('/sessions')).body.items).toHaveLength(4);
    expect((await admin.http.get(`/sessions?cursor=${first.nextCursor}`)).status).toBe(400);
    expect((await bea.http.get('/sessions')).status).toBe(403);
    expect((await bea.http.get(`/users/${bea.id}/sessions`)).status).toBe(403);
  });

  it('are ended by those who may', async () => {
    expect((await bea.http.delete(`/users/${admin.id}/sessions`)).status).toBe(403);
    expect((await admin.http.delete('/users/01890a5d-ac96-774b-bcce-b302099a8057/sessions')).status).toBe(
      404,
    );
    expect((await admin.http.delete(`/users/${bea.id}/sessions`)).status).toBe(204);
    expect((await bea.http.get('/auth/me')).status).toBe(401);
    const reasons = await sql(
      app,
      'SELECT DISTINCT revoked_reason AS reason FROM auth_sessions WHERE user_id = $1',
      [bea.id],
    );
    expect(reasons).toEqual([{ reason: 'admin_revoked' }]);
    const entries = (await admin.http.get('/audit/entries?action=session.revoke')).body.items;
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({ actorId: admin.id, actorKind: 'user' });
  });

  it('say nothing about a suspended tenant', async () => {
    await person(app, 'cleo');
    await sql(app, 'UPDATE tenants SET is_active = false');
    const body = { login: 'cleo', password: bea.password };
    expect((await app.http.post('/auth/login', body)).status).toBe(401);
    await sql(app, 'UPDATE tenants SET is_active = true');
    expect((await app.http.post('/auth/login', body)).status).toBe(200);
  });
});

describe('GET /admin/schema', () => {
  it('shows what the data has been through', async () => {
    const app = await startApp();
    try {
      const admin = await setUp(app);
      const { status, body } = await admin.http.get('/admin/schema');
      expect(status).toBe(200);
      expect(body.items.map(({ key }: { key: string }) => key)).toEqual([
        'backfill_user_sessions_v1_to_v2',
        'schema_version',
      ]);
      const bea = await invited(app, admin, 'bea');
      expect((await bea.http.get('/admin/schema')).status).toBe(403);
    } finally {
      await app.close();
    }
  });
});
