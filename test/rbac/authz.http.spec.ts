import { Database } from '../../src/kernel/database/index.js';
import { permissionCatalogue } from '../../src/kernel/access/index.js';
import { type Actor, invited, setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { ifMatch } from '../support/http-client.js';
import { binding, expecting, gateway, roleIds, user } from './stage.js';

const WRITE = 'sandbox.write';
const NOBODY = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99';

let app: TestApp;
let admin: Actor;
let inspector: Actor;
let person: Actor;
let roles: Record<string, string>;

beforeAll(async () => {
  app = await startApp();
  admin = await setUp(app);
  roles = await roleIds(admin);
  inspector = await invited(app, admin, 'inspector', ['auditor']);
  person = await invited(app, admin, 'person', ['operator']);
});
afterAll(() => app?.close());

const bound = async (what: Parameters<typeof binding>[1]) => expecting(201, binding(admin, what, roles));
const check = (by: Actor, body: object) => by.http.post('/authz/check', body);
const explain = (by: Actor, query: string) => expecting(200, by.http.get(`/authz/explain?${query}`));

describe('POST /authz/check', () => {
  it('answers about the caller, and names the binding that decided', async () => {
    const there = gateway();
    const lowering = await bound({ to: user(person), role: 'viewer', at: there });
    const everywhere = await check(person, { permission: WRITE });
    expect(everywhere).toMatchObject({
      status: 200,
      body: { allowed: true, decidedBy: expect.any(String) as string },
    });
    expect((await check(person, { permission: WRITE, scope: there })).body).toMatchObject({
      allowed: false,
      decidedBy: lowering.id as string,
    });
    expect((await check(person, { permission: 'terminal.run' })).body).toMatchObject({
      allowed: true,
      decidedBy: null,
    });
    expect((await check(person, { permission: 'audit.read' })).body).toMatchObject({
      allowed: false,
      decidedBy: null,
    });
  });

  it('answers many questions in their order', async () => {
    const checks = [
      { permission: WRITE },
      { permission: 'audit.read' },
      { principal: { kind: 'user', id: inspector.id }, permission: 'audit.read' },
      { permission: WRITE, scope: gateway() },
    ];
    const { body } = await check(inspector, {
      checks: checks.map((one) => ({ principal: user(person), ...one })),
    });
    expect((body.results as { allowed: boolean }[]).map(({ allowed }) => allowed)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('takes 100 questions and no more', async () => {
    const checks = Array.from({ length: 100 }, () => ({ permission: WRITE }));
    expect((await check(person, { checks })).body.results).toHaveLength(100);
    expect((await check(person, { checks: [...checks, { permission: WRITE }] })).status).toBe(422);
  });

  it.each([
    [{}, '/permission'],
    [{ checks: [] }, '/checks'],
    [{ checks: [{}] }, '/checks/0/permission'],
    [{ checks: [null] }, '/checks/0'],
    [{ permission: WRITE, checks: [{ permission: WRITE }] }, '/checks'],
    [{ permission: WRITE, scope: { kind: 'planet', id: NOBODY } }, '/scope/kind'],
    [{ permission: WRITE, scope: null }, '/scope'],
    [{ permission: WRITE, scope: 'gateway' }, '/scope'],
    [{ permission: WRITE, principal: { kind: 'user', id: 'me' } }, '/principal/id'],
    [{ permission: WRITE, principal: [] }, '/principal'],
    [{ permission: WRITE, role: 'admin' }, '/role'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await check(person, body);
    expect(answer.status).toBe(422);
    expect((answer.body.errors as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
  });

  it('tells of every name that is no permission', async () => {
    const checks = [WRITE, 'sandbox.wirte', 'nothing.here'].map((permission) => ({ permission }));
    expect((await check(person, { checks })).body).toMatchObject({
      status: 422,
      code: 'unknown_permission',
      errors: [{ pointer: '/checks/1/permission' }, { pointer: '/checks/2/permission' }],
    });
    expect((await check(person, checks[1])).body).toMatchObject({
      code: 'unknown_permission',
      errors: [{ in: 'body', pointer: '/permission' }],
    });
    expect((await person.http.get('/authz/explain?permission=nothing.here')).body).toMatchObject({
      status: 422,
      code: 'unknown_permission',
      errors: [{ in: 'query', pointer: '/permission' }],
    });
  });

  it('about others asks for authz.inspect', async () => {
    const other = { principal: user(inspector), permission: WRITE };
    expect((await check(person, other)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await check(person, { checks: [{ permission: WRITE }, other] })).status).toBe(403);
    expect((await check(person, { ...other, principal: user(person) })).status).toBe(200);
  });

  it('about nobody allows nothing', async () => {
    const answer = await check(inspector, {
      principal: { kind: 'user', id: NOBODY },
      permission: 'terminal.run',
    });
    expect(answer).toMatchObject({ status: 200, body: { allowed: false, decidedBy: null } });
    expect(answer.body.because).toContain('no user');
  });

  it('about somebody disabled allows nothing', async () => {
    const gone = await invited(app, admin, 'gone', ['operator']);
    const { version } = await expecting(200, admin.http.get(`/users/${gone.id}`));
    await expecting(
      200,
      admin.http.patch(`/users/${gone.id}`, { isActive: false }, ifMatch(version as number)),
    );
    const answer = await check(inspector, { principal: user(gone), permission: WRITE });
    expect(answer.body).toMatchObject({
      allowed: false,
      because: expect.stringContaining('disabled') as string,
    });
    const explained = await explain(inspector, `principal=user:${gone.id}&permission=${WRITE}`);
    expect(explained).toMatchObject({ allowed: false, decidedBy: null });
    expect((explained.considered as { role: string }[]).map(({ role }) => role)).toEqual([
      'operator',
      'member',
    ]);
  });

  it('answers for the key that was used, which may open less than its owner may', async () => {
    const { key } = await expecting(
      201,
      person.http.post('/auth/api-keys', { name: 'narrow', scopes: ['sandbox.read'] }),
    );
    const narrow = { ...person, http: app.http.as(key as string) };
    expect((await check(narrow, { permission: 'sandbox.read' })).body.allowed).toBe(true);
    const refused = await check(narrow, { permission: WRITE });
    expect(refused.body).toMatchObject({ allowed: false, because: expect.stringContaining('key') as string });
    const { permissions } = await expecting(200, narrow.http.get('/authz/effective'));
    expect(permissions).toEqual(['sandbox.read']);
  });

  it('about the caller sends no query once the answer is known', async () => {
    const checks = [...permissionCatalogue.keys()].flatMap((permission) => [
      { permission },
      { permission, scope: gateway() },
    ]);
    const ask = () => check(person, { checks: checks.slice(0, 100) });
    await ask();
    const database = app.get(Database);
    const sent: number[] = [];
    // The limits of the caller are settled once a second; nothing else may be sent. A process that the machine keeps
    // waiting for a second trusts nothing it remembers and asks again, so one undisturbed round has to do.
    while (sent.length < 20 && !sent.some((queries) => queries <= 2)) {
      const before = database.queriesIssued;
      const answers = await Promise.all(Array.from({ length: 5 }, ask));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      sent.push(database.queriesIssued - before);
    }
    expect(Math.min(...sent)).toBeLessThanOrEqual(2);
  });
});

describe('GET /authz/explain', () => {
  it('names every binding that was considered, the one that decided, and why', async () => {
    const someone = await invited(app, admin, 'someone', ['operator']);
    const there = gateway();
    const group = await expecting(201, admin.http.post('/groups', { name: 'Night shift' }));
    await expecting(204, admin.http.post(`/groups/${group.id}/members`, { kind: 'user', id: someone.id }));
    const throughGroup = await bound({
      to: { kind: 'group', id: group.id as string },
      role: 'operator',
      at: there,
    });
    const own = await bound({ to: user(someone), role: 'viewer', at: there });
    await bound({ to: user(someone), role: 'auditor', at: gateway() });
    const query = `principal=user:${someone.id}&permission=${WRITE}&scope=gateway:${there.id}`;

    const explained = await explain(inspector, query);

    expect(explained).toMatchObject({ allowed: false, decidedBy: own.id as string });
    const considered = explained.considered as Record<string, string>[];
    expect(considered.map(({ role, scope, via, decisive }) => [role, scope, via, decisive])).toEqual([
      ['operator', 'global', 'own', false],
      ['operator', `gateway:${there.id}`, `group:${group.id}`, false],
      ['viewer', `gateway:${there.id}`, 'own', true],
      ['member', 'global', 'everybody', false],
    ]);
    expect(considered[1]).toMatchObject({ bindingId: throughGroup.id as string, effect: 'allow' });
    expect(considered[0].because).toContain('a more specific binding decides');
    expect(considered[1].because).toContain('Night shift');
    expect(considered[2].because).toContain('Its level decides, and does not contain the permission');

    const denial = await bound({ to: user(someone), role: 'operator', effect: 'deny' });
    const denied = await explain(inspector, query);
    expect(denied).toMatchObject({ allowed: false, decidedBy: denial.id as string });
    expect(denied.because).toContain('a denial wins');
  });

  it('shows what has ended as well', async () => {
    const someone = await invited(app, admin, 'expiring');
    const soon = new Date(Date.now() + 700).toISOString();
    await bound({ to: user(someone), role: 'operator', expiresAt: soon });
    await expect(check(inspector, { principal: user(someone), permission: WRITE })).resolves.toMatchObject({
      body: { allowed: true },
    });
    for (let allowed = true; allowed;)
      allowed = (await check(inspector, { principal: user(someone), permission: WRITE })).body
        .allowed as boolean;
    const { allowed, considered } = await explain(someone, `permission=${WRITE}`);
    expect(allowed).toBe(false);
    expect(considered[0].because).toContain('It ended at');
  });

  it('about others asks for authz.inspect, about oneself for nothing', async () => {
    await expecting(
      403,
      person.http.get(`/authz/explain?principal=user:${inspector.id}&permission=${WRITE}`),
    );
    expect(await explain(person, `permission=${WRITE}`)).toMatchObject({ allowed: true });
    await expecting(422, person.http.get(`/authz/explain?permission=${WRITE}&scope=gateway`));
  });

  it('about nobody considers no binding', async () => {
    const explained = await explain(inspector, `principal=service:${NOBODY}&permission=${WRITE}`);
    expect(explained).toMatchObject({
      allowed: false,
      decidedBy: null,
      considered: [{ role: 'member', decisive: false }],
    });
  });
});

describe('GET /authz/effective', () => {
  it('lists what somebody may do, everywhere or in one place', async () => {
    const someone = await invited(app, admin, 'effective', ['operator']);
    const there = gateway();
    await bound({ to: user(someone), role: 'viewer', at: there });
    const effective = (query = '') =>
      expecting(200, inspector.http.get(`/authz/effective?principal=user:${someone.id}${query}`));
    expect(await effective()).toMatchObject({
      principal: { kind: 'user', id: someone.id },
      scope: 'global',
      roles: ['operator', 'member'],
      permissions: expect.arrayContaining([WRITE, 'terminal.run']) as string[],
    });
    const lowered = await effective(`&scope=gateway:${there.id}`);
    expect(lowered.permissions).not.toContain(WRITE);
    expect(lowered.permissions).toEqual(expect.arrayContaining(['sandbox.read', 'terminal.run']));
    await expecting(403, person.http.get(`/authz/effective?principal=user:${someone.id}`));
    const nobody = await expecting(200, inspector.http.get(`/authz/effective?principal=user:${NOBODY}`));
    expect(nobody.permissions).toEqual([]);
  });
});
