import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { binding, expecting, facts, gateway, may, roleIds, user } from './stage.js';

let app: TestApp;
let admin: Actor;
let roles: Record<string, string>;

beforeAll(async () => {
  app = await startApp();
  admin = await setUp(app);
  roles = await roleIds(admin);
});
afterAll(() => app?.close());

const create = (name: string, permissions: string[], by = admin) =>
  by.http.post('/roles', { name, permissions });
const made = async (name: string, permissions: string[]) => expecting(201, create(name, permissions));

describe('A role of ones own making', () => {
  it('is created, shown, changed and deleted, and each leaves its fact', async () => {
    const created = await create('release manager', ['operation.write', 'operation.read']);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String) as string,
      name: 'release manager',
      description: '',
      permissions: ['operation.read', 'operation.write'],
      isBuiltIn: false,
      version: 1,
    });
    const { id } = created.body as { id: string };
    expect(created.headers.get('location')).toBe(`/api/v1/roles/${id}`);
    const shown = await admin.http.get(`/roles/${id}`);
    expect([shown.body, shown.headers.get('etag')]).toEqual([created.body, '"1"']);

    const changed = await admin.http.patch(
      `/roles/${id}`,
      { permissions: ['operation.read', 'gateway.read'] },
      ifMatch(1),
    );
    expect(changed.body).toMatchObject({ permissions: ['gateway.read', 'operation.read'], version: 2 });
    expect((await admin.http.delete(`/roles/${id}`, ifMatch(2))).status).toBe(204);
    expect((await admin.http.get(`/roles/${id}`)).status).toBe(404);

    expect(await facts(app, id)).toEqual([
      {
        action: 'role.create',
        detail: { name: 'release manager', permissions: ['operation.read', 'operation.write'] },
      },
      {
        action: 'role.update',
        detail: {
          name: 'release manager',
          changed: ['permissions'],
          added: ['gateway.read'],
          removed: ['operation.write'],
        },
      },
      { action: 'role.delete', detail: { name: 'release manager' } },
    ]);
  });

  it('is changed and deleted only by who names its version', async () => {
    const { id } = await made('versioned', []);
    expect((await admin.http.patch(`/roles/${id}`, { description: 'x' })).status).toBe(428);
    expect((await admin.http.delete(`/roles/${id}`)).status).toBe(428);
    expect((await admin.http.patch(`/roles/${id}`, { description: 'x' }, ifMatch(7))).body).toMatchObject({
      code: 'version_mismatch',
      expected: 7,
      actual: 1,
    });
    expect((await admin.http.delete(`/roles/${id}`, ifMatch(7))).body).toMatchObject({
      code: 'version_mismatch',
    });
  });

  it.each(['Admin', 'admin ', 'ａｄｍｉｎ', 'a d min', 'OPERATOR'])('may not be called %j', async (name) => {
    expect((await create(name, [])).body).toMatchObject({ status: 409, code: 'role_name_taken' });
  });

  it('may not be renamed to look like another', async () => {
    const { id } = await made('harmless', []);
    const answer = await admin.http.patch(`/roles/${id}`, { name: 'Viewer' }, ifMatch(1));
    expect(answer.body).toMatchObject({ status: 409, code: 'role_name_taken' });
  });

  it.each([
    [{ name: ' \u3000', permissions: [] }, '/name'],
    [{ name: 'ad\u200bmin', permissions: [] }, '/name'],
    [{ name: 'Site \u0430dmin', permissions: [] }, '/name'],
    [{ name: 'x'.repeat(65), permissions: [] }, '/name'],
    [{ name: 'ﷺ'.repeat(64), permissions: [] }, '/name'],
    [{ name: 'twice', permissions: ['gateway.read', 'gateway.read'] }, '/permissions'],
    [{ name: 'more', permissions: [], isBuiltIn: true }, '/isBuiltIn'],
    [{ name: 'none' }, '/permissions'],
  ])('is refused as %j', async (body, pointer) => {
    const answer = await admin.http.post('/roles', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toContain(pointer);
  });

  it('may be called what people call it in any language, and in several', async () => {
    for (const name of ['Αναγνώστης', 'Дежурный Team-2', 'Tシャツ係', 'Müllabfuhr & Co.'])
      expect((await create(name, [])).status).toBe(201);
  });

  it('contains nothing that is no permission', async () => {
    const permissions = ['gateway.read', 'operation.raed', 'gateway.raed'];
    const { id } = await made('typos', []);
    for (const answer of [
      await create('more typos', permissions),
      await admin.http.patch(`/roles/${id}`, { permissions }, ifMatch(1)),
    ])
      expect(answer.body).toMatchObject({
        status: 422,
        code: 'unknown_permission',
        errors: [
          { in: 'body', pointer: '/permissions/1', code: 'unknown_permission' },
          { in: 'body', pointer: '/permissions/2', code: 'unknown_permission' },
        ],
      });
  });

  it('is not deleted while somebody has it, and the answer says what to do', async () => {
    const { id } = await made('in use', ['gateway.read']);
    const viewer = await invited(app, admin, 'has-in-use');
    const bound = await expecting(201, binding(admin, { to: user(viewer), role: id as string }, roles));
    const refused = await admin.http.delete(`/roles/${id}`, ifMatch(1));
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'role_in_use',
      detail: expect.stringContaining('/role-bindings?role=') as string,
    });
    await expecting(204, admin.http.delete(`/role-bindings/${bound.id}`));
    await expecting(204, admin.http.delete(`/roles/${id}`, ifMatch(1)));
  });

  it('gives and takes rights at once when it is edited', async () => {
    const { id } = await made('edited', ['audit.read']);
    const person = await invited(app, admin, 'has-edited', ['edited']);
    await expecting(200, person.http.get('/audit/entries'));
    await expecting(200, admin.http.patch(`/roles/${id}`, { permissions: ['role.read'] }, ifMatch(1)));
    await expecting(403, person.http.get('/audit/entries'));
    await expecting(200, person.http.get('/roles'));
  });
});

describe('Built-in roles', () => {
  it('stay as they are', async () => {
    for (const role of ['admin', 'member']) {
      const { version } = await expecting(200, admin.http.get(`/roles/${roles[role]}`));
      const at = ifMatch(version as number);
      expect((await admin.http.patch(`/roles/${roles[role]}`, { description: 'x' }, at)).body.code).toBe(
        'built_in_role',
      );
      expect((await admin.http.delete(`/roles/${roles[role]}`, at)).body.code).toBe('built_in_role');
    }
  });
});

describe('Nobody grants what they do not hold', () => {
  let editor: Actor;

  beforeAll(async () => {
    await made('role editor', ['role.write', 'role.read', 'gateway.read']);
    editor = await invited(app, admin, 'editor', ['role editor']);
  });

  it('by writing it into a new role', async () => {
    expect((await create('fine', ['gateway.read'], editor)).status).toBe(201);
    expect((await create('too much', ['gateway.read', 'audit.read'], editor)).body).toMatchObject({
      status: 403,
      code: 'grant_exceeds_own',
      detail: expect.stringContaining('audit.read') as string,
    });
  });

  it('by writing it into a role that others have', async () => {
    const { id } = await made('shared', []);
    const edit = (permissions: string[]) => editor.http.patch(`/roles/${id}`, { permissions }, ifMatch(1));
    expect((await edit(['audit.read'])).body.code).toBe('grant_exceeds_own');
    await expecting(200, edit(['gateway.read']));
  });

  it('by writing it out of a role that denies it to others', async () => {
    const { id } = await made('kept from', ['audit.read', 'gateway.read']);
    const kept = await invited(app, admin, 'kept-from', ['auditor']);
    await expecting(201, binding(admin, { to: user(kept), role: id as string, effect: 'deny' }, roles));
    const edit = (permissions: string[]) => editor.http.patch(`/roles/${id}`, { permissions }, ifMatch(1));
    expect((await edit(['gateway.read'])).body.code).toBe('grant_exceeds_own');
    await expecting(200, edit(['audit.read']));
    expect(await may(admin, kept.id, 'audit.read')).toBe(false);
  });

  it('where they themselves hold less', async () => {
    const there = gateway();
    const { id } = await made('local', []);
    const local = await invited(app, admin, 'local');
    await expecting(201, binding(admin, { to: user(local), role: id as string, at: there }, roles));
    await expecting(201, binding(admin, { to: user(editor), role: 'member', at: there }, roles));
    const refused = await editor.http.patch(`/roles/${id}`, { permissions: ['gateway.read'] }, ifMatch(1));
    expect(refused.body).toMatchObject({ code: 'grant_exceeds_own' });
    expect(refused.body.detail).toContain(there.id);
  });

  it('and nobody edits a role they have', async () => {
    const { items } = await expecting(200, editor.http.get('/roles?limit=200'));
    const { id, version } = (items as { name: string; id: string; version: number }[]).find(
      ({ name }) => name === 'role editor',
    )!;
    const answer = await editor.http.patch(`/roles/${id}`, { permissions: ['role.write'] }, ifMatch(version));
    expect(answer.body).toMatchObject({ status: 403, code: 'own_roles' });
    await expecting(
      200,
      editor.http.patch(`/roles/${id}`, { description: 'Edits roles.' }, ifMatch(version)),
    );
  });
});
