import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { binding, department, expecting, facts, gateway, may, roleIds, sql, user } from './stage.js';

const WRITE = 'sandbox.write';
const NOBODY = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let app: TestApp;
let admin: Actor;
let roles: Record<string, string>;
let names = 0;

beforeAll(async () => {
  app = await startApp();
  admin = await setUp(app);
  roles = await roleIds(admin);
});
afterAll(() => app?.close());

type Wish = Parameters<typeof binding>[1];
const somebody = (...given: string[]) => invited(app, admin, `person-${(names += 1)}`, given);
const ask = (what: Wish, by = admin) => binding(by, what, roles);
const bound = async (what: Wish, by = admin) => expecting(201, ask(what, by));
const end = (id: string, by = admin) => by.http.delete(`/role-bindings/${id}`);

async function group(...members: Actor[]) {
  const made = await expecting(201, admin.http.post('/groups', { name: `group ${(names += 1)}` }));
  for (const { id } of members)
    await expecting(204, admin.http.post(`/groups/${made.id}/members`, { kind: 'user', id }));
  return { kind: 'group' as const, id: made.id as string };
}

/** Somebody who may bind and hold groups, and has these permissions besides. */
async function binder(...permissions: string[]): Promise<Actor> {
  const name = `binder ${(names += 1)}`;
  const all = ['role.bind', 'group.write', ...permissions];
  await expecting(201, admin.http.post('/roles', { name, permissions: all }));
  return somebody(name);
}

describe('A binding', () => {
  it('is made, shown, listed and ended, and leaves its facts', async () => {
    const person = await somebody();
    const there = gateway();
    const made = await ask({ to: user(person), role: 'operator', at: there, expiresAt: inDays(3) });
    expect(made.status).toBe(201);
    const { id } = made.body as { id: string };
    expect(made.headers.get('location')).toBe(`/api/v1/role-bindings/${id}`);
    expect(made.body).toMatchObject({
      subjectKind: 'user',
      subjectId: person.id,
      roleId: roles.operator,
      scopeKind: 'gateway',
      scopeId: there.id,
      effect: 'allow',
      createdBy: admin.id,
      expiresAt: expect.any(String) as string,
    });
    expect((await admin.http.get(`/role-bindings/${id}`)).body).toEqual(made.body);
    for (const filter of [
      `subject=user:${person.id}`,
      `scope=gateway:${there.id}`,
      `role=operator&scope=gateway:${there.id}`,
    ])
      expect((await expecting(200, admin.http.get(`/role-bindings?${filter}`))).items).toEqual([made.body]);
    await expecting(204, end(id));
    await expecting(404, end(id));
    expect((await facts(app, id)).map(({ action }) => action)).toEqual([
      'role_binding.create',
      'role_binding.delete',
    ]);
  });

  it('is found by subject, role and place, newest first, in pages', async () => {
    const person = await somebody();
    for (const role of ['viewer', 'operator', 'auditor']) await bound({ to: user(person), role });
    const list = async (filter: string) => {
      const page = await expecting(200, admin.http.get(`/role-bindings?subject=user:${person.id}${filter}`));
      return (page.items as { roleId: string }[]).map(({ roleId }) => roleId);
    };
    expect(await list('&total=true')).toEqual([roles.auditor, roles.operator, roles.viewer]);
    expect(await list(`&role=${roles.operator}`)).toEqual([roles.operator]);
    expect(await list('&role=Operator')).toEqual([roles.operator]);
    expect(await list('&role=nobody')).toEqual([]);
    expect(await list('&scope=global')).toHaveLength(3);
    expect(await list(`&scope=gateway:${NOBODY}`)).toEqual([]);
    const first = await expecting(200, admin.http.get(`/role-bindings?subject=user:${person.id}&limit=2`));
    expect(await list(`&limit=2&cursor=${first.nextCursor}`)).toEqual([roles.viewer]);
    await expecting(400, admin.http.get(`/role-bindings?limit=2&cursor=${first.nextCursor}`));
    await expecting(422, admin.http.get('/role-bindings?subject=person:1'));
  });

  it('exists once', async () => {
    const person = await somebody();
    await bound({ to: user(person), role: 'viewer' });
    expect((await ask({ to: user(person), role: 'viewer' })).body).toMatchObject({
      status: 409,
      code: 'binding_exists',
    });
    await bound({ to: user(person), role: 'viewer', effect: 'deny' });
  });

  it('refers to what is there', async () => {
    const person = await somebody();
    for (const kind of ['user', 'service', 'group'] as const)
      expect((await ask({ to: { kind, id: NOBODY }, role: 'viewer' })).body.code).toBe('unknown_subject');
    expect((await ask({ to: { kind: 'service', id: person.id }, role: 'viewer' })).body.code).toBe(
      'unknown_subject',
    );
    expect((await ask({ to: user(person), role: NOBODY })).body).toMatchObject({
      status: 422,
      code: 'unknown_role',
    });
  });

  it.each([
    [{ scopeKind: 'gateway' }, '/scopeId'],
    [{ scopeId: randomUUID() }, '/scopeId'],
    [{ scopeKind: 'global', scopeId: randomUUID() }, '/scopeId'],
    [{ scopeKind: 'planet', scopeId: randomUUID() }, '/scopeKind'],
    [{ effect: 'maybe' }, '/effect'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ createdBy: NOBODY }, '/createdBy'],
  ])('is refused with %j', async (extra, pointer) => {
    const body = { subjectKind: 'user', subjectId: admin.id, roleId: roles.viewer, ...extra };
    const answer = await admin.http.post('/role-bindings', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  it('ends at its instant, and gives way to a new one', async () => {
    const person = await somebody();
    const { id } = await bound({ to: user(person), role: 'auditor', expiresAt: inDays(1) });
    expect(await may(admin, person.id, 'audit.read')).toBe(true);
    await sql(app, `UPDATE role_bindings SET expires_at = now() - interval '1 ms' WHERE id = $1`, [id]);
    await sql(app, `INSERT INTO access_changes (kind, subject) VALUES ('user', $1)`, [person.id]);
    await sql(app, 'NOTIFY reeve_changes');
    await bound({ to: user(person), role: 'viewer' });
    expect(await may(admin, person.id, 'audit.read')).toBe(false);
    await bound({ to: user(person), role: 'auditor' });
    expect(await may(admin, person.id, 'audit.read')).toBe(true);
  });

  it('goes with its subject', async () => {
    const service = await expecting(
      201,
      admin.http.post('/service-principals', { name: `robot-${(names += 1)}` }),
    );
    const to = { kind: 'service' as const, id: service.id as string };
    const { id } = await bound({ to, role: 'operator', at: gateway() });
    await expecting(204, admin.http.delete(`/service-principals/${service.id}`));
    await expecting(404, admin.http.get(`/role-bindings/${id}`));
    expect((await facts(app, id as string)).at(-1)?.action).toBe('role_binding.delete');
  });

  it('of an admin on one gateway lowers the admin there', async () => {
    const there = gateway();
    const second = await somebody('admin');
    await bound({ to: user(second), role: 'viewer', at: there });
    expect(await may(admin, second.id, WRITE)).toBe(true);
    expect(await may(admin, second.id, WRITE, there)).toBe(false);
    expect(await may(admin, second.id, 'sandbox.read', there)).toBe(true);
    expect(await may(admin, second.id, 'terminal.run', there)).toBe(true);
  });

  it('that denies wins over everything', async () => {
    const there = gateway();
    const person = await somebody('operator');
    await bound({ to: user(person), role: 'operator', at: there });
    await bound({ to: await group(person), role: 'operator', at: there, effect: 'deny' });
    expect(await may(admin, person.id, WRITE, there)).toBe(false);
    expect(await may(admin, person.id, WRITE)).toBe(true);
    await bound({ to: user(person), role: 'operator', effect: 'deny' });
    expect(await may(admin, person.id, WRITE)).toBe(false);
  });
});

describe('An end that the clock brings', () => {
  it.each([
    ['a denial of what somebody has', ['operator'], { role: 'operator', effect: 'deny' as const }, 422],
    // It counts against what they are given later, and then the clock would give that.
    ['a denial of what they have not', [], { role: 'operator', effect: 'deny' as const }, 422],
    ['a lesser role on one gateway', ['operator'], { role: 'viewer', at: gateway() }, 422],
    ['a greater role on one gateway', ['viewer'], { role: 'operator', at: gateway() }, 201],
    ['a role in a department', ['operator'], { role: 'viewer', at: department() }, 201],
    ['a role everywhere', ['operator'], { role: 'viewer' }, 201],
  ])('of %s is judged by whether it gives rights back', async (_what, given, what, status) => {
    const person = await somebody(...given);
    const refused = await ask({ ...what, to: user(person), expiresAt: inDays(1) });
    expect([refused.status, refused.body.code]).toEqual([
      status,
      status === 422 ? 'expiry_would_widen' : undefined,
    ]);
    const throughGroup = await ask({ ...what, to: await group(person), expiresAt: inDays(1) });
    expect(throughGroup.status).toBe(status);
  });

  it('leaves nothing behind when it is refused', async () => {
    const person = await somebody('operator');
    await ask({ to: user(person), role: 'operator', effect: 'deny', expiresAt: inDays(1) });
    expect(await may(admin, person.id, WRITE)).toBe(true);
  });
});

describe('Nobody grants what they do not hold', () => {
  it('in a binding', async () => {
    const by = await binder('gateway.read', 'operation.read', 'policy.read');
    const person = await somebody();
    expect((await ask({ to: user(person), role: 'viewer' }, by)).body).toMatchObject({
      status: 403,
      code: 'grant_exceeds_own',
      detail: expect.stringContaining('sandbox.read') as string,
    });
    await expecting(201, ask({ to: user(person), role: 'member', at: gateway() }, by));
  });

  it('there where they themselves hold less', async () => {
    const by = await somebody('admin');
    const there = gateway();
    await bound({ to: user(by), role: 'viewer', at: there });
    const person = await somebody();
    await expecting(201, ask({ to: user(person), role: 'viewer' }, by));
    await expecting(201, ask({ to: user(person), role: 'operator', at: gateway() }, by));
    expect((await ask({ to: user(person), role: 'operator', at: there }, by)).body.code).toBe(
      'grant_exceeds_own',
    );
    // Everywhere is there as well.
    expect((await ask({ to: user(person), role: 'operator' }, by)).body.code).toBe('grant_exceeds_own');
  });

  it('by ending a denial or a lesser role on one gateway', async () => {
    const by = await binder('gateway.read');
    const there = gateway();
    const person = await somebody('operator');
    const denial = await bound({ to: user(person), role: 'auditor', effect: 'deny' });
    const lesser = await bound({ to: user(person), role: 'viewer', at: there });
    for (const { id } of [denial, lesser]) {
      expect((await end(id as string, by)).body).toMatchObject({ status: 403, code: 'grant_exceeds_own' });
      await expecting(204, end(id as string));
    }
    expect(await may(admin, person.id, WRITE, there)).toBe(true);
  });

  it('but may end what gives, however much it is', async () => {
    const by = await binder();
    const person = await somebody('operator');
    const { items } = await expecting(200, by.http.get(`/role-bindings?subject=user:${person.id}`));
    await expecting(204, end(items[0].id as string, by));
    expect(await may(admin, person.id, WRITE)).toBe(false);
  });

  it('and may end a greater role on one gateway', async () => {
    const by = await binder();
    const person = await somebody('viewer');
    const { id } = await bound({ to: user(person), role: 'operator', at: gateway() });
    await expecting(204, end(id as string, by));
  });

  it('to themselves, by making a key of a service that may do more on one gateway', async () => {
    const by = await binder('service.write', 'service.read');
    const service = await expecting(
      201,
      admin.http.post('/service-principals', { name: `robot-${(names += 1)}` }),
    );
    const key = () => by.http.post(`/service-principals/${service.id}/keys`, { name: 'mine' });
    await expecting(201, key());
    await bound({ to: { kind: 'service', id: service.id as string }, role: 'operator', at: gateway() });
    expect((await key()).body).toMatchObject({ status: 403, code: 'target_outranks_caller' });
  });

  it('by changing their own bindings, directly or through a group', async () => {
    const by = await somebody('admin');
    const mine = await group(by);
    const through = await bound({ to: mine, role: 'viewer' });
    const own = await bound({ to: user(by), role: 'viewer' });
    for (const to of [user(by), mine])
      for (const effect of ['allow', 'deny'] as const)
        expect((await ask({ to, role: 'auditor', effect }, by)).body).toMatchObject({
          status: 403,
          code: 'own_roles',
        });
    for (const { id } of [through, own]) expect((await end(id as string, by)).body.code).toBe('own_roles');
  });
});

describe('A right that is taken while a request waits', () => {
  const requests: [string, (by: Actor, to: Actor, groupId: string) => ReturnType<Actor['http']['send']>][] = [
    ['to give a role', (by, to) => ask({ to: user(to), role: 'viewer' }, by)],
    [
      'to let into a group',
      (by, to, id) => by.http.post(`/groups/${id}/members`, { kind: 'user', id: to.id }),
    ],
    ['to delete a group', (by, _to, id) => by.http.delete(`/groups/${id}`)],
  ];

  it.each(requests)('is not used any more %s', async (_what, request) => {
    const [by, person, { id }] = [await somebody('admin'), await somebody(), await group()];
    await expecting(200, by.http.get('/role-bindings?limit=1'));
    const other = new Client({ connectionString: app.database.ownerUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM tenants FOR NO KEY UPDATE');
      const { rows } = await other.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
      const waiting = request(by, person, id);
      await untilSomebodyWaitsFor(rows[0].xid);
      // As another process does it that has come first; what this one remembers is as it was.
      await other.query(`DELETE FROM role_bindings WHERE subject_id = $1`, [by.id]);
      await other.query('COMMIT');
      expect((await waiting).body).toMatchObject({ status: 403, code: 'forbidden' });
    } finally {
      await other.end();
    }
    expect(await may(admin, person.id, 'gateway.read')).toBe(false);
    await expecting(200, admin.http.get(`/groups/${id}`));
  });

  async function untilSomebodyWaitsFor(xid: string): Promise<void> {
    const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND transactionid = $1::xid';
    while ((await sql(app, waiting, [xid])).length === 0) await sleep(5);
  }
});

describe('Binding admin', () => {
  it('asks for a fresh proof of identity, also by letting somebody into a group that has it', async () => {
    const stale = await somebody('admin');
    await sql(
      app,
      `UPDATE auth_sessions SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1`,
      [stale.id],
    );
    await sql(
      app,
      `INSERT INTO access_changes (kind, subject) SELECT 'session', family_id::text FROM auth_sessions WHERE user_id = $1`,
      [stale.id],
    );
    const key = (await expecting(201, admin.http.post('/auth/api-keys', { name: 'automation' })))
      .key as string;
    const person = await somebody();
    const admins = await group();
    await bound({ to: admins, role: 'admin' });
    const withKey = { ...admin, http: app.http.as(key) };
    expect((await ask({ to: user(person), role: 'admin' }, withKey)).body.code).toBe(
      'credential_not_allowed',
    );
    const join = withKey.http.post(`/groups/${admins.id}/members`, { kind: 'user', id: person.id });
    expect((await join).body.code).toBe('credential_not_allowed');
    await expecting(201, ask({ to: user(person), role: 'viewer' }, withKey));
    await bound({ to: user(person), role: 'admin' });
  });
});

describe('The last admin', () => {
  // On an installation of its own, whose admins are counted.
  let own: TestApp;
  let first: Actor;
  let other: Actor;
  let ids: Record<string, string>;

  beforeAll(async () => {
    own = await startApp();
    first = await setUp(own, 'first');
    ids = await roleIds(first);
    // May do everything but is no admin: so only the rule stands in the way.
    const { items } = await expecting(200, first.http.get('/permissions'));
    const permissions = (items as { name: string }[]).map(({ name }) => name);
    await expecting(201, first.http.post('/roles', { name: 'everything', permissions }));
    other = await invited(own, first, 'other', ['everything']);
  });
  afterAll(() => own?.close());

  const bindingOf = async (who: Actor) => {
    const { items } = await expecting(
      200,
      other.http.get(`/role-bindings?subject=user:${who.id}&role=admin`),
    );
    return items[0].id as string;
  };
  const refusesToLose = async (change: Promise<{ status: number; body: { code: string } | null }>) =>
    expect((await change).body).toMatchObject({ status: 409, code: 'last_admin' });

  it('keeps the role, however it is to be taken', async () => {
    const { version } = await expecting(200, other.http.get(`/users/${first.id}`));
    const at = ifMatch(version as number);
    await refusesToLose(other.http.delete(`/role-bindings/${await bindingOf(first)}`));
    await refusesToLose(binding(other, { to: user(first), role: 'viewer', effect: 'deny' }, ids));
    await refusesToLose(other.http.patch(`/users/${first.id}`, { roles: [] }, at));
    await refusesToLose(other.http.patch(`/users/${first.id}`, { isActive: false }, at));
    await refusesToLose(other.http.delete(`/users/${first.id}`, at));
    const made = await expecting(201, other.http.post('/groups', { name: 'denied' }));
    await expecting(
      201,
      binding(other, { to: { kind: 'group', id: made.id }, role: 'viewer', effect: 'deny' }, ids),
    );
    await refusesToLose(other.http.post(`/groups/${made.id}/members`, { kind: 'user', id: first.id }));
  });

  it('is not saved by a service that has the role', async () => {
    const service = await expecting(201, other.http.post('/service-principals', { name: 'robot' }));
    await expecting(201, binding(other, { to: { kind: 'service', id: service.id }, role: 'admin' }, ids));
    await refusesToLose(other.http.delete(`/role-bindings/${await bindingOf(first)}`));
  });

  it('may be one through a group, and then the group is what is kept', async () => {
    const admins = await expecting(201, other.http.post('/groups', { name: 'admins' }));
    const through = await expecting(
      201,
      binding(other, { to: { kind: 'group', id: admins.id }, role: 'admin' }, ids),
    );
    await expecting(204, other.http.post(`/groups/${admins.id}/members`, { kind: 'user', id: first.id }));
    await expecting(204, other.http.delete(`/role-bindings/${await bindingOf(first)}`));
    await refusesToLose(other.http.delete(`/role-bindings/${through.id}`));
    await refusesToLose(other.http.delete(`/groups/${admins.id}/members/user/${first.id}`));
    await refusesToLose(other.http.delete(`/groups/${admins.id}`));
    const second = await invited(own, other, 'second', ['admin']);
    await expecting(204, other.http.delete(`/groups/${admins.id}`));
    await refusesToLose(other.http.delete(`/role-bindings/${await bindingOf(second)}`));
  });
});
