import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { permissionCatalogue, Policy, type Subject } from '../../src/kernel/access/index.js';
import { ChangeFeed, Database, Transactional } from '../../src/kernel/database/index.js';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID, type Principal, systemPrincipal } from '../../src/kernel/operation/index.js';
import { UserDeleted } from '../../src/modules/auth/users/user.events.js';
import { RbacModule } from '../../src/modules/rbac/index.js';
import '../../src/modules/terminal/terminal.permissions.js';
import { asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';

@Injectable()
class UseCases {
  constructor(
    private readonly policy: Policy,
    private readonly events: EventLog,
  ) {}

  @Transactional()
  async assign(userId: string, roles: readonly string[]): Promise<void> {
    await this.policy.assignRoles(userId, roles);
  }

  @Transactional()
  async delete(userId: string): Promise<void> {
    await this.events.record(new UserDeleted({ resourceId: userId, detail: { revokedKeys: 0 } }));
  }

  @Transactional()
  async leave(userId: string): Promise<void> {
    await this.policy.guardLastAdmin(DEFAULT_TENANT_ID, userId);
  }
}

let kernel: KernelApp;
let policy: Policy;
let cases: UseCases;
const system = systemPrincipal('test');

beforeAll(async () => {
  kernel = await startKernelApp({ imports: [RbacModule], providers: [UseCases] });
  policy = kernel.app.get(Policy);
  cases = kernel.app.get(UseCases);
});
afterAll(() => kernel?.close());
beforeEach(() => sql('DELETE FROM role_bindings'));

const sql = <T>(text: string, values: unknown[] = []) =>
  kernel.app.get(Database).writeAlone<T>({ name: '', text }, values);
const assign = (userId: string, roles: string[], by: Principal = system) =>
  asPrincipal(by, () => cases.assign(userId, roles));
const user = (id: string): Subject => ({ kind: 'user', id, tenantId: DEFAULT_TENANT_ID });

async function someone(fields: { active?: boolean; password?: string | null } = {}): Promise<string> {
  const id = randomUUID();
  await sql(
    `INSERT INTO users (id, tenant_id, username, username_key, email, email_key, password_hash, is_active, email_verified_at)
     VALUES ($1, $2, $3, $3, $3, $3, $4, $5, now())`,
    [
      id,
      DEFAULT_TENANT_ID,
      id,
      fields.password === undefined ? 'hash' : fields.password,
      fields.active ?? true,
    ],
  );
  return id;
}

/** Somebody signed in a moment ago who holds what the roles hold. */
async function holder(...roles: string[]): Promise<Principal> {
  const id = await someone();
  await assign(id, roles);
  const rights = await policy.rightsOf(user(id));
  return principalLike({ id, roles: rights.roles, permissions: rights.permissions });
}

async function bind(
  subjectId: string,
  role: string,
  options: { effect?: string; expiresAt?: Date } = {},
): Promise<void> {
  await sql(
    `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, effect, expires_at)
     SELECT $1, $2, 'user', $3, id, $5, $6 FROM roles WHERE tenant_id = $2 AND name = $4`,
    [randomUUID(), DEFAULT_TENANT_ID, subjectId, role, options.effect ?? 'allow', options.expiresAt ?? null],
  );
}

describe('rights', () => {
  it('of somebody without any role are those of member', async () => {
    const rights = await policy.rightsOf(user(await someone()));
    expect(rights.roles).toEqual(['member']);
    expect(rights.permissions.names()).toEqual(['delegation.create', 'terminal.run']);
    expect(rights.validUntilMs).toBe(Infinity);
  });

  it('of a service without any role are those of member too', async () => {
    const rights = await policy.rightsOf({ kind: 'service', id: randomUUID(), tenantId: DEFAULT_TENANT_ID });
    expect(rights.roles).toEqual(['member']);
  });

  it('of an admin are the whole catalogue', async () => {
    const id = await someone();
    await assign(id, ['admin']);
    expect((await policy.rightsOf(user(id))).permissions.names()).toEqual(
      [...permissionCatalogue.keys()].sort(),
    );
  });

  it('name the role with the most permissions first and member last', async () => {
    const id = await someone();
    await assign(id, ['viewer', 'auditor']);
    expect((await policy.rightsOf(user(id))).roles).toEqual(['auditor', 'viewer', 'member']);
    expect((await policy.rolesOf([id])).get(id)).toEqual(['auditor', 'viewer', 'member']);
  });

  it('lose what is denied, whatever else allows it', async () => {
    const id = await someone();
    await bind(id, 'operator');
    await bind(id, 'viewer', { effect: 'deny' });
    await bind(id, 'member', { effect: 'deny' });
    expect((await policy.rightsOf(user(id))).permissions.names()).toEqual([
      'operation.write',
      'sandbox.write',
    ]);
  });

  it('end with the binding, at its instant', async () => {
    const id = await someone();
    await bind(id, 'auditor', { expiresAt: new Date(kernel.clock.nowMs() + 60_000) });
    expect((await policy.rightsOf(user(id))).roles).toEqual(['auditor', 'member']);
    expect(policy.peekRights(user(id))?.roles).toEqual(['auditor', 'member']);
    kernel.clock.advance(60_001);
    expect(policy.peekRights(user(id))).toBeUndefined();
    expect((await policy.rightsOf(user(id))).roles).toEqual(['member']);
    expect((await policy.rolesOf([id])).get(id)).toEqual(['member']);
  });

  it('are remembered, and forgotten when the roles change', async () => {
    const id = await someone();
    await assign(id, ['viewer']);
    // Moving the clock made everything remembered stale.
    await kernel.app.get(ChangeFeed).poke();
    await policy.rightsOf(user(id));
    const before = kernel.app.get(Database).queriesIssued;
    for (let i = 0; i < 100; i += 1) expect(policy.peekRights(user(id))?.roles).toEqual(['viewer', 'member']);
    expect(kernel.app.get(Database).queriesIssued).toBe(before);
    await assign(id, []);
    expect((await policy.rightsOf(user(id))).roles).toEqual(['member']);
  });
});

describe('giving roles', () => {
  it('replaces them, and each binding leaves its entry', async () => {
    const admin = await holder('admin');
    const id = await someone();
    await assign(id, ['viewer', 'approver'], admin);
    await assign(id, ['operator', 'viewer'], admin);
    expect((await policy.rolesOf([id])).get(id)).toEqual(['operator', 'viewer', 'member']);
    const entries = await sql<{ action: string; role: string }>(
      `SELECT action, detail::jsonb ->> 'role' AS role FROM audit_entries
       WHERE action LIKE 'role_binding.%' AND detail::jsonb ->> 'subjectId' = $1 AND actor_id = $2 ORDER BY id`,
      [id, admin.id],
    );
    expect(entries.map(({ action, role }) => `${action} ${role}`).sort()).toEqual([
      'role_binding.create approver',
      'role_binding.create operator',
      'role_binding.create viewer',
      'role_binding.delete approver',
    ]);
  });

  it('with member among them is the same as without', async () => {
    const id = await someone();
    await assign(id, ['viewer', 'member']);
    expect((await policy.rolesOf([id])).get(id)).toEqual(['viewer', 'member']);
  });

  it('refuses a role that does not exist, and says which', async () => {
    await expect(assign(await someone(), ['viewer', 'emperor'])).rejects.toMatchObject({
      code: 'unknown_role',
      status: 422,
      errors: [{ in: 'body', pointer: '/roles/1' }],
    });
  });

  it('refuses what the giver does not hold, and names it', async () => {
    await sql(
      `INSERT INTO roles (id, tenant_id, name, permissions) VALUES ($1, $2, 'binder', '{role.bind,gateway.read}')`,
      [randomUUID(), DEFAULT_TENANT_ID],
    );
    const binder = await holder('binder');
    await expect(assign(await someone(), ['viewer'], binder)).rejects.toMatchObject({
      code: 'grant_exceeds_own',
      status: 403,
      detail: expect.stringMatching(/viewer.*operation\.read, policy\.read, sandbox\.read/) as string,
    });
  });

  it('asks for role.bind', async () => {
    const support = await holder('support');
    await expect(assign(await someone(), ['support'], support)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('refuses who has lost the right, or was disabled, since the request was let in', async () => {
    const [demoted, disabled] = [await holder('admin'), await holder('admin')];
    await holder('admin');
    await assign(demoted.id, ['viewer']);
    await sql('UPDATE users SET is_active = false WHERE id = $1', [disabled.id]);
    for (const was of [demoted, disabled])
      await expect(assign(await someone(), ['viewer'], was)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it("refuses to change one's own", async () => {
    const admin = await holder('admin');
    await holder('admin');
    await expect(assign(admin.id, ['viewer'], admin)).rejects.toMatchObject({
      code: 'own_roles',
      status: 403,
    });
  });

  it('asks for a fresh proof of identity, which keys cannot give', async () => {
    const admin = await holder('admin');
    const id = await someone();
    const authenticatedAt = new Date(kernel.clock.nowMs() - 16 * 60_000);
    const stale = { ...admin, credential: { ...admin.credential, authenticatedAt } } as Principal;
    await expect(assign(id, ['viewer'], stale)).rejects.toMatchObject({ code: 'step_up_required' });
    const key = { ...admin, credential: { kind: 'api_key', keyId: randomUUID() } } as Principal;
    await expect(assign(id, ['viewer'], key)).rejects.toMatchObject({ code: 'credential_not_allowed' });
    // Nothing to change, nothing to prove.
    await assign(id, [], key);
  });

  it('makes a role that had expired anew', async () => {
    const id = await someone();
    await bind(id, 'viewer', { expiresAt: new Date(kernel.clock.nowMs() - 1_000) });
    await assign(id, ['viewer']);
    expect((await policy.rightsOf(user(id))).roles).toEqual(['viewer', 'member']);
  });

  it('by many at once leaves one of the wishes', async () => {
    const id = await someone();
    await Promise.all(Array.from({ length: 20 }, (_, i) => assign(id, [i % 2 === 0 ? 'viewer' : 'auditor'])));
    expect((await policy.rolesOf([id])).get(id)).toHaveLength(2);
  });
});

describe('the last admin', () => {
  it('cannot be demoted or leave', async () => {
    const admin = await holder('admin');
    await expect(assign(admin.id, [])).rejects.toMatchObject({ code: 'last_admin', status: 409 });
    await expect(asPrincipal(system, () => cases.leave(admin.id))).rejects.toMatchObject({
      code: 'last_admin',
    });
  });

  it('is not saved by admins who cannot sign in, are on loan or are denied something', async () => {
    const admin = await holder('admin');
    await assign(await someone({ active: false }), ['admin']);
    await assign(await someone({ password: null }), ['admin']);
    await bind(await someone(), 'admin', { expiresAt: new Date(kernel.clock.nowMs() + 60_000) });
    const denied = await someone();
    await bind(denied, 'admin');
    await bind(denied, 'viewer', { effect: 'deny' });
    await expect(assign(admin.id, [])).rejects.toMatchObject({ code: 'last_admin' });
  });

  it('may leave once there is another', async () => {
    const admin = await holder('admin');
    await holder('admin');
    await assign(admin.id, []);
    expect((await policy.rolesOf([admin.id])).get(admin.id)).toEqual(['member']);
  });

  it('is not in the way of others', async () => {
    await holder('admin');
    const viewer = await holder('viewer');
    await asPrincipal(system, () => cases.leave(viewer.id));
  });

  it('remains when two admins demote each other at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      await sql('DELETE FROM role_bindings');
      const [a, b] = [await holder('admin'), await holder('admin')];
      const results = await Promise.allSettled([assign(b.id, [], a), assign(a.id, [], b)]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const roles = await policy.rolesOf([a.id, b.id]);
      expect([...roles.values()].filter((names) => names.includes('admin'))).toHaveLength(1);
    }
  });
});

it('a user who is deleted leaves no bindings, in the same transaction', async () => {
  const id = await someone();
  await assign(id, ['viewer', 'auditor']);
  await asPrincipal(system, () => cases.delete(id));
  expect(await sql('SELECT 1 FROM role_bindings WHERE subject_id = $1', [id])).toHaveLength(0);
  const gone = await sql(
    `SELECT 1 FROM audit_entries WHERE action = 'role_binding.delete' AND detail::jsonb ->> 'subjectId' = $1`,
    [id],
  );
  expect(gone).toHaveLength(2);
});
