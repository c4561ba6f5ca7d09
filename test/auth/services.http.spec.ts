import { setTimeout as pause } from 'node:timers/promises';
import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { actionsAbout, longSignedIn, tally, withSql } from './stage.js';

describe('Service principals', () => {
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

  const create = async (name: string, extras: object = {}) =>
    (await admin.http.post('/service-principals', { name, ...extras })).body;

  it('are created, shown, listed, changed and deleted', async () => {
    const created = await admin.http.post('/service-principals', {
      name: 'deploy',
      description: 'Deploys.\nNightly.',
    });
    const path = `/service-principals/${created.body.id}`;

    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/v1${path}`);
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.body).toMatchObject({
      name: 'deploy',
      description: 'Deploys.\nNightly.',
      isActive: true,
      isTerminalAuthorized: false,
      isServerTerminalAuthorized: false,
      createdBy: admin.id,
      version: 1,
    });
    expect((await admin.http.get(path)).body).toEqual(created.body);
    expect((await admin.http.get('/service-principals?total=true')).body).toMatchObject({
      items: [created.body],
      total: 1,
    });

    const changed = await admin.http.patch(path, { description: '' }, ifMatch(1));
    expect(changed.body).toMatchObject({ description: '', version: 2 });
    expect((await admin.http.patch(path, { description: 'x' }, ifMatch(1))).body).toMatchObject({
      status: 409,
      code: 'version_mismatch',
    });
    expect((await admin.http.delete(path)).status).toBe(204);
    expect((await admin.http.get(path)).status).toBe(404);
    expect(await actionsAbout(app, created.body.id)).toEqual([
      'service.create',
      'service.update',
      'service.delete',
    ]);
  });

  it('have unique names, also under a hundred simultaneous wishes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? admin.http : admin.http.at(replica.url)).post('/service-principals', {
          name: 'unique',
        }),
      ),
    );

    expect(tally(answers)).toEqual({ 201: 1, 409: 99 });
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('service_name_taken');
    const other = await create('other-name');
    const renamed = await admin.http.patch(`/service-principals/${other.id}`, { name: 'unique' });
    expect(renamed.body).toMatchObject({ status: 409, code: 'service_name_taken' });
  });

  it('act with their keys until disabled or deleted', async () => {
    const service = await create('worker');
    const path = `/service-principals/${service.id}`;
    const created = await admin.http.post(`${path}/keys`, { name: 'first' });
    const use = (at = app, key: string = created.body.key) => at.http.as(key).get('/auth/me');

    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/v1${path}/keys/${created.body.id}`);
    expect(created.body.key).toMatch(/^rv_svc_/);
    expect((await use()).body).toMatchObject({
      principal: { kind: 'service', id: service.id, name: 'worker' },
      roles: ['member'],
    });
    expect((await use(replica)).status).toBe(200);

    await admin.http.patch(path, { isActive: false });
    expect((await use()).status).toBe(401);
    await pause(1_000);
    expect((await use(replica)).status).toBe(401);
    await admin.http.patch(path, { isActive: true });
    expect((await use()).status).toBe(200);

    const rotated = await admin.http.post(`${path}/keys/${created.body.id}/rotate`, { overlapSeconds: 0 });
    expect(rotated.status).toBe(201);
    expect((await use()).status).toBe(401);
    expect((await use(app, rotated.body.key)).status).toBe(200);
    expect((await admin.http.get(`${path}/keys`)).body.items).toHaveLength(2);

    const third = (await admin.http.post(`${path}/keys`, {})).body;
    expect((await admin.http.delete(`${path}/keys/${third.id}`)).status).toBe(204);
    expect((await use(app, third.key)).status).toBe(401);

    await admin.http.delete(path);
    expect((await use(app, rotated.body.key)).status).toBe(401);
    await pause(1_000);
    expect((await use(replica, rotated.body.key)).status).toBe(401);
    expect((await admin.http.get(`${path}/keys`)).status).toBe(404);
  });

  it('keep their keys apart', async () => {
    const one = await create('one');
    const two = await create('two');
    const key = (await admin.http.post(`/service-principals/${one.id}/keys`, {})).body;

    for (const answer of [
      await admin.http.get(`/service-principals/${two.id}/keys/${key.id}`),
      await admin.http.delete(`/service-principals/${two.id}/keys/${key.id}`),
      await admin.http.post(`/service-principals/${two.id}/keys/${key.id}/rotate`, {}),
      await admin.http.get(`/auth/api-keys/${key.id}`),
    ]) {
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });

  it('get keys only from somebody who may do what they may', async () => {
    const service = await create('mighty');
    const path = `/service-principals/${service.id}/keys`;
    const { body: first } = await admin.http.post(path, {});
    await withSql(app, async (sql) => {
      await sql.query(
        `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id)
         SELECT gen_random_uuid(), tenant_id, 'service', $1, id FROM roles WHERE name = 'admin'`,
        [service.id],
      );
      await sql.query(
        `INSERT INTO roles (id, tenant_id, name, permissions)
         SELECT gen_random_uuid(), id, 'keeper-of-services', '{service.read,service.write}' FROM tenants`,
      );
    });
    const keeper = await invited(app, admin, 'keeper', ['keeper-of-services']);

    for (const answer of [
      await keeper.http.post(path, {}),
      await keeper.http.post(`${path}/${first.id}/rotate`, {}),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'target_outranks_caller' });
    expect((await keeper.http.delete(`${path}/${first.id}`)).status).toBe(204);
    expect((await admin.http.post(path, {})).status).toBe(201);
  });

  it('need service.write, and a recent proof of identity for keys and terminal flags', async () => {
    const service = await create('guarded');
    const path = `/service-principals/${service.id}`;
    const auditor = await invited(app, admin, 'auditor', ['auditor']);
    const tired = await longSignedIn(app, await invited(app, admin, 'tired-admin', ['admin']));

    expect((await auditor.http.get(path)).status).toBe(200);
    expect((await auditor.http.patch(path, { description: 'x' })).body).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    for (const answer of [
      await tired.http.post(`${path}/keys`, {}),
      await tired.http.patch(path, { isTerminalAuthorized: true }),
      await tired.http.post('/service-principals', { name: 'flagged', isServerTerminalAuthorized: true }),
    ]) {
      expect(answer.body).toMatchObject({ status: 403, code: 'step_up_required' });
    }
    expect((await tired.http.patch(path, { description: 'x', isTerminalAuthorized: false })).status).toBe(
      200,
    );
    expect((await admin.http.patch(path, { isTerminalAuthorized: true })).body.isTerminalAuthorized).toBe(
      true,
    );
  });

  it('refuse what is no name', async () => {
    for (const name of ['', 'with space', '-x', 'ü', 'x'.repeat(101), null, 7]) {
      const { status, body } = await admin.http.post('/service-principals', { name });
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/name']);
    }
  });
});
