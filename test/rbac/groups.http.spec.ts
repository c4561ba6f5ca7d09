import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { binding, expecting, facts, gateway, may, roleIds, sql, user } from './stage.js';

const NOBODY = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99';

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

const somebody = (...given: string[]) => invited(app, admin, `person-${(names += 1)}`, given);
const group = async (...members: { id: string }[]) => {
  const made = await expecting(201, admin.http.post('/groups', { name: `group ${(names += 1)}` }));
  for (const { id } of members)
    await expecting(204, admin.http.post(`/groups/${made.id}/members`, { kind: 'user', id }));
  return { kind: 'group' as const, id: made.id as string };
};
const bound = async (...[what]: [Parameters<typeof binding>[1]]) =>
  expecting(201, binding(admin, what, roles));
const leave = (from: { id: string }, { id }: { id: string }, by = admin) =>
  by.http.delete(`/groups/${from.id}/members/user/${id}`);

describe('A group', () => {
  it('is created, shown, changed and deleted, and each leaves its fact', async () => {
    const created = await admin.http.post('/groups', { name: 'Release managers' });
    expect(created.status).toBe(201);
    const { id } = created.body as { id: string };
    expect(created.headers.get('location')).toBe(`/api/v1/groups/${id}`);
    expect(created.body).toMatchObject({
      name: 'Release managers',
      description: '',
      memberCount: 0,
      version: 1,
    });
    const changed = await admin.http.patch(`/groups/${id}`, { description: 'On call.' }, ifMatch(1));
    expect(changed.body).toMatchObject({ description: 'On call.', version: 2 });
    expect((await admin.http.patch(`/groups/${id}`, { name: 'x' }, ifMatch(1))).body.code).toBe(
      'version_mismatch',
    );
    await expecting(204, admin.http.delete(`/groups/${id}`));
    await expecting(404, admin.http.get(`/groups/${id}`));
    expect((await facts(app, id)).map(({ action }) => action)).toEqual([
      'group.create',
      'group.update',
      'group.delete',
    ]);
  });

  it('has a name that nobody else has in any spelling', async () => {
    await expecting(201, admin.http.post('/groups', { name: 'Platform team' }));
    for (const name of ['platform team', 'PlatformTeam', ' Ｐlatform team '])
      expect((await admin.http.post('/groups', { name })).body).toMatchObject({
        status: 409,
        code: 'group_name_taken',
      });
  });

  it('is listed by name, in pages', async () => {
    for (const name of ['zebra', 'yak', 'wombat']) await expecting(201, admin.http.post('/groups', { name }));
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const page = await expecting(200, admin.http.get(`/groups?limit=2&total=true${cursor}`));
      expect(page.total).toBeGreaterThanOrEqual(3);
      seen.push(...(page.items as { name: string }[]).map(({ name }) => name));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen.filter((name) => /^(wombat|yak|zebra)$/.test(name))).toEqual(['wombat', 'yak', 'zebra']);
  });

  it('cannot be reached by a viewer', async () => {
    const viewer = await somebody('viewer');
    await expecting(403, viewer.http.get('/groups'));
    await expecting(403, viewer.http.post('/groups', { name: 'mine' }));
  });
});

describe('Members', () => {
  it('are users and services, listed with their names, and counted', async () => {
    const { id } = await group();
    const person = await somebody();
    const service = await expecting(201, admin.http.post('/service-principals', { name: 'deployer' }));
    const add = (kind: string, who: string) => admin.http.post(`/groups/${id}/members`, { kind, id: who });
    await expecting(204, add('user', person.id));
    await expecting(204, add('user', person.id));
    await expecting(204, add('service', service.id as string));
    const { items } = await expecting(200, admin.http.get(`/groups/${id}/members`));
    expect((items as { kind: string; name: string }[]).map(({ kind, name }) => [kind, name])).toEqual([
      ['service', 'deployer'],
      ['user', person.username],
    ]);
    expect((await expecting(200, admin.http.get(`/groups/${id}`))).memberCount).toBe(2);
    await expecting(204, admin.http.delete(`/groups/${id}/members/service/${service.id}`));
    await expecting(404, admin.http.delete(`/groups/${id}/members/service/${service.id}`));
    await expecting(404, admin.http.delete(`/groups/${id}/members/gateway/${service.id}`));
    expect((await facts(app, id)).map(({ action, detail }) => [action, detail.kind as string])).toEqual([
      ['group.create', undefined],
      ['group_member.create', 'user'],
      ['group_member.create', 'service'],
      ['group_member.delete', 'service'],
    ]);
  });

  it('must exist', async () => {
    const { id } = await group();
    const answer = await admin.http.post(`/groups/${id}/members`, { kind: 'user', id: NOBODY });
    expect(answer.body).toMatchObject({ status: 422, code: 'unknown_subject' });
    await expecting(404, admin.http.post(`/groups/${NOBODY}/members`, { kind: 'user', id: admin.id }));
  });

  it('have what the group has as soon as they join, and lose it as soon as they leave', async () => {
    const person = await somebody();
    const auditors = await group();
    await bound({ to: auditors, role: 'auditor' });
    await expecting(403, person.http.get('/audit/entries'));
    await expecting(204, admin.http.post(`/groups/${auditors.id}/members`, { kind: 'user', id: person.id }));
    await expecting(200, person.http.get('/audit/entries'));
    expect((await person.http.get('/auth/me')).body.roles).toEqual(['auditor', 'member']);
    // What was given to the user is another matter: a list that is read, edited and sent back must not grow.
    expect((await admin.http.get(`/users/${person.id}`)).body.roles).toEqual(['member']);
    await expecting(204, leave(auditors, person));
    await expecting(403, person.http.get('/audit/entries'));
  });

  it('lose everything that the group gave when it is deleted', async () => {
    const person = await somebody();
    const auditors = await group(person);
    await bound({ to: auditors, role: 'auditor' });
    await expecting(200, person.http.get('/audit/entries'));
    await expecting(204, admin.http.delete(`/groups/${auditors.id}`));
    await expecting(403, person.http.get('/audit/entries'));
    expect(await sql(app, 'SELECT 1 FROM role_bindings WHERE subject_id = $1', [auditors.id])).toHaveLength(
      0,
    );
    expect(await sql(app, 'SELECT 1 FROM group_members WHERE group_id = $1', [auditors.id])).toHaveLength(0);
  });

  it('are taken out when they are deleted', async () => {
    const person = await somebody();
    const both = [await group(person), await group(person)];
    const { version } = await expecting(200, admin.http.get(`/users/${person.id}`));
    await expecting(204, admin.http.delete(`/users/${person.id}`, ifMatch(version as number)));
    for (const { id } of both) {
      expect((await expecting(200, admin.http.get(`/groups/${id}`))).memberCount).toBe(0);
      expect((await facts(app, id)).at(-1)?.action).toBe('group_member.delete');
    }
  });
});

describe('What groups mean on a gateway', () => {
  const WRITE = 'sandbox.write';
  const READ = 'sandbox.read';

  it("an own role there beats the group's", async () => {
    const there = gateway();
    const person = await somebody();
    await bound({ to: await group(person), role: 'operator', at: there });
    expect(await may(admin, person.id, WRITE, there)).toBe(true);
    await bound({ to: user(person), role: 'viewer', at: there });
    expect(await may(admin, person.id, WRITE, there)).toBe(false);
    expect(await may(admin, person.id, READ, there)).toBe(true);
  });

  it('several groups add up', async () => {
    const there = gateway();
    const person = await somebody();
    await bound({ to: await group(person), role: 'viewer', at: there });
    await bound({ to: await group(person), role: 'operator', at: there });
    expect(await may(admin, person.id, WRITE, there)).toBe(true);
  });

  it('a role that the group has everywhere lifts its members everywhere and never undoes a downgrade', async () => {
    const there = gateway();
    const person = await somebody('viewer');
    await bound({ to: user(person), role: 'viewer', at: there });
    await bound({ to: await group(person), role: 'operator' });
    expect(await may(admin, person.id, WRITE)).toBe(true);
    expect(await may(admin, person.id, WRITE, gateway())).toBe(true);
    expect(await may(admin, person.id, WRITE, there)).toBe(false);
  });
});

describe('Whoever decides about members', () => {
  let keeper: Actor;

  beforeAll(async () => {
    await expecting(
      201,
      admin.http.post('/roles', { name: 'group keeper', permissions: ['group.write', 'gateway.read'] }),
    );
    keeper = await somebody('group keeper');
  });

  it('cannot let anybody into a group that has more than they have', async () => {
    const person = await somebody();
    const auditors = await group();
    await bound({ to: auditors, role: 'auditor' });
    const answer = await keeper.http.post(`/groups/${auditors.id}/members`, { kind: 'user', id: person.id });
    expect(answer.body).toMatchObject({ status: 403, code: 'grant_exceeds_own' });
  });

  it('cannot give back by taking somebody out, or by deleting the group, what it kept from them', async () => {
    const there = gateway();
    const person = await somebody('operator');
    const lowered = await group(person);
    await bound({ to: lowered, role: 'viewer', at: there });
    const denied = await group(person);
    await bound({ to: denied, role: 'auditor', effect: 'deny' });
    for (const each of [lowered, denied]) {
      expect((await leave(each, person, keeper)).body.code).toBe('grant_exceeds_own');
      expect((await keeper.http.delete(`/groups/${each.id}`)).body.code).toBe('grant_exceeds_own');
    }
    await expecting(204, leave(lowered, person));
    expect(await may(admin, person.id, 'sandbox.write', there)).toBe(true);
  });

  it('may take somebody out of a group that gives more than they have', async () => {
    const person = await somebody();
    const auditors = await group(person);
    await bound({ to: auditors, role: 'auditor' });
    await expecting(204, leave(auditors, person, keeper));
  });

  it('does not decide about themselves', async () => {
    const mine = await group(keeper);
    const open = await group();
    expect((await leave(mine, keeper, keeper)).body.code).toBe('own_roles');
    expect((await keeper.http.delete(`/groups/${mine.id}`)).body.code).toBe('own_roles');
    const join = keeper.http.post(`/groups/${open.id}/members`, { kind: 'user', id: keeper.id });
    expect((await join).body.code).toBe('own_roles');
  });
});
