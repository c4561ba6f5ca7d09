import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  type Affiliation,
  Affiliations,
  permissionCatalogue,
  PermissionsByScope,
  PermissionSet,
  Policy,
  ScopeValidators,
  type Subject,
} from '../../src/kernel/access/index.js';
import { ChangeFeed, Database, Transactional } from '../../src/kernel/database/index.js';
import { EventLog, fact } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID, systemPrincipal } from '../../src/kernel/operation/index.js';
import { RbacModule } from '../../src/modules/rbac/index.js';
import { EndedBindingsSchedule } from '../../src/modules/rbac/bindings/ended-bindings.schedule.js';
import { asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';

// The modules that own gateways and departments come later; their facts are known by name.
class GatewayDeleted extends fact<object>({
  action: 'gateway.delete',
  resourceType: 'gateway',
  summary: '',
  public: false,
  detail: {},
  example: {},
}) {}

@Injectable()
class Gateways {
  constructor(
    private readonly events: EventLog,
    private readonly feed: ChangeFeed,
  ) {}

  @Transactional()
  async delete(id: string): Promise<void> {
    await this.events.record(new GatewayDeleted({ resourceId: id, detail: {} }));
  }

  @Transactional()
  async announceDepartment(id: string): Promise<void> {
    await this.feed.announce('department', id);
  }
}

const WRITE = permissionCatalogue.get('sandbox.write')!;
const GATEWAY = '01936f5e-0000-7000-8000-0000000000a1';
const DEPARTMENT = '01936f5e-0000-7000-8000-0000000000d1';
const system = systemPrincipal('test');

let kernel: KernelApp;
let policy: Policy;
let affiliations: readonly Affiliation[] = [];

beforeAll(async () => {
  kernel = await startKernelApp({ imports: [RbacModule], providers: [Gateways] });
  policy = kernel.app.get(Policy);
});
afterAll(() => kernel?.close());

const sql = <Row>(text: string, values: unknown[] = []) =>
  kernel.app.get(Database).writeAlone<Row>({ name: '', text }, values);
const someone = (): Subject => ({ kind: 'user', id: randomUUID(), tenantId: DEFAULT_TENANT_ID });
const at = (kind: 'gateway' | 'department', id: string) => ({ kind, id });

async function bind(
  { id }: Subject,
  role: string,
  kind: string,
  scopeId: string | null,
  more: object = {},
): Promise<string> {
  const { effect = 'allow', expiresAt = null } = more as { effect?: string; expiresAt?: Date | null };
  const bindingId = randomUUID();
  await sql(
    `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id, effect, expires_at)
     SELECT $1, $2, 'user', $3, id, $5, $6, $7, $8 FROM roles WHERE tenant_id = $2 AND name = $4`,
    [bindingId, DEFAULT_TENANT_ID, id, role, kind, scopeId, effect, expiresAt],
  );
  return bindingId;
}

describe('A department', () => {
  it('counts for everybody who is bound while nobody knows of departments', async () => {
    const person = someone();
    await bind(person, 'operator', 'department', DEPARTMENT);
    expect(await policy.allows(person, WRITE, at('department', DEPARTMENT))).toBe(true);
    expect(await policy.allows(person, WRITE)).toBe(false);
  });

  it('then only for its members, and while it is active; a denial always', async () => {
    kernel.app
      .get(Affiliations)
      .bind({ of: (subjects) => Promise.resolve(subjects.map(() => affiliations)) });
    const person = someone();
    await bind(person, 'operator', 'department', DEPARTMENT);
    const may = () => policy.allows(person, WRITE, at('department', DEPARTMENT));
    const switched = async (next: readonly Affiliation[]) => {
      affiliations = next;
      await sql(`INSERT INTO access_changes (kind, subject) VALUES ('user', $1)`, [person.id]);
      await kernel.app.get(ChangeFeed).poke();
    };
    expect(await may()).toBe(false);
    await switched([{ departmentId: DEPARTMENT, isActive: true }]);
    expect(await may()).toBe(true);
    affiliations = [{ departmentId: DEPARTMENT, isActive: false }];
    await asPrincipal(system, () => kernel.app.get(Gateways).announceDepartment(DEPARTMENT));
    expect(await may()).toBe(false);

    await bind(person, 'operator', 'global', null);
    await bind(person, 'operator', 'department', DEPARTMENT, { effect: 'deny' });
    await switched(affiliations);
    expect(await policy.allows(person, WRITE)).toBe(true);
    expect(await may()).toBe(false);
  });

  it('adds to what is allowed everywhere and never replaces it', async () => {
    affiliations = [{ departmentId: DEPARTMENT, isActive: true }];
    const person = someone();
    await bind(person, 'operator', 'global', null);
    await bind(person, 'viewer', 'department', DEPARTMENT);
    expect(await policy.allows(person, WRITE, at('department', DEPARTMENT))).toBe(true);
  });
});

describe('A gateway that is deleted', () => {
  const remaining = () => sql('SELECT 1 FROM role_bindings WHERE scope_id = $1', [GATEWAY]);
  const removed = () =>
    sql(`SELECT 1 FROM audit_entries WHERE action = 'role_binding.delete' AND gateway_id = $1`, [GATEWAY]);

  it('takes its bindings along, unless somebody would gain what the caller does not hold', async () => {
    const person = someone();
    await bind(person, 'operator', 'global', null);
    await bind(person, 'viewer', 'gateway', GATEWAY);
    expect(await policy.allows(person, WRITE, at('gateway', GATEWAY))).toBe(false);
    const keeper = principalLike({ may: ['gateway.write'] });
    const gateways = kernel.app.get(Gateways);
    await expect(asPrincipal(keeper, () => gateways.delete(GATEWAY))).rejects.toMatchObject({
      code: 'grant_exceeds_own',
    });
    expect(await remaining()).toHaveLength(1);

    const permissions = PermissionSet.all();
    const admin = principalLike({ permissions, permissionsByScope: PermissionsByScope.alike(permissions) });
    await asPrincipal(admin, () => gateways.delete(GATEWAY));
    expect(await remaining()).toHaveLength(0);
    expect(await removed()).toHaveLength(1);
    expect(await policy.allows(person, WRITE, at('gateway', GATEWAY))).toBe(true);
  });
});

describe('A place that is not there', () => {
  it('is refused once the module that owns its kind says so', async () => {
    const [id, binderId] = [randomUUID(), randomUUID()];
    for (const user of [id, binderId])
      await sql(
        `INSERT INTO users (id, tenant_id, username, username_key, email, email_key) VALUES ($1, $2, $3, $3, $3, $3)`,
        [user, DEFAULT_TENANT_ID, user],
      );
    await bind({ ...someone(), id: binderId }, 'admin', 'global', null);
    const [{ id: roleId }] = await sql<{ id: string }>(`SELECT id FROM roles WHERE name = 'member'`);
    const binder = kernel.tokens.issue('binder', {
      id: binderId,
      may: ['role.bind', 'terminal.run', 'delegation.create'],
    });
    const post = (scopeId: string) =>
      kernel.app.inject({
        method: 'POST',
        url: '/api/v1/role-bindings',
        headers: binder,
        payload: { subjectKind: 'user', subjectId: id, roleId, scopeKind: 'gateway', scopeId },
      });
    expect((await post(randomUUID())).statusCode).toBe(201);
    kernel.app
      .get(ScopeValidators)
      .bind('gateway', { exists: (gateway) => Promise.resolve(gateway === GATEWAY) });
    expect((await post(GATEWAY)).statusCode).toBe(201);
    expect((await post(randomUUID())).json()).toMatchObject({
      status: 422,
      code: 'unknown_scope',
      errors: [{ pointer: '/scopeId' }],
    });
  });
});

describe('Roles that cannot be read', () => {
  it.each(['roles', 'role_bindings', 'group_members'])(
    'for want of %s are answered with 503, and nobody is let in or turned away',
    async (table) => {
      await asOwner(`ALTER TABLE ${table} RENAME TO elsewhere`);
      try {
        await expect(policy.rightsOf(someone())).rejects.toMatchObject({ status: 503 });
        await expect(policy.allows(someone(), WRITE)).rejects.toMatchObject({ status: 503 });
      } finally {
        await asOwner(`ALTER TABLE elsewhere RENAME TO ${table}`);
      }
      expect(await policy.allows(someone(), WRITE)).toBe(false);
    },
  );

  async function asOwner(text: string): Promise<void> {
    const owner = new Client({ connectionString: kernel.database.ownerUrl });
    await owner.connect();
    try {
      await owner.query(text);
    } finally {
      await owner.end();
    }
  }
});

describe('Bindings that ended', () => {
  it('are cleared away after thirty days, with a fact', async () => {
    const person = someone();
    const ago = (days: number) => new Date(kernel.clock.nowMs() - days * 86_400_000);
    const [old, recent] = [
      await bind(person, 'viewer', 'global', null, { expiresAt: ago(31) }),
      await bind(person, 'operator', 'global', null, { expiresAt: ago(29) }),
    ];
    await asPrincipal(system, () => kernel.app.get(EndedBindingsSchedule).sweep());
    const left = await sql<{ id: string }>('SELECT id FROM role_bindings WHERE subject_id = $1', [person.id]);
    expect(left.map(({ id }) => id)).toEqual([recent]);
    const entries = await sql<{ action: string }>('SELECT action FROM audit_entries WHERE resource_id = $1', [
      old,
    ]);
    expect(entries).toEqual([{ action: 'role_binding.expire' }]);
  });
});
