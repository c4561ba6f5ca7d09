import { Database } from '../../src/kernel/database/index.js';
import { permissionCatalogue } from '../../src/kernel/access/index.js';
import { AuditModule } from '../../src/modules/audit/index.js';
import { RbacModule } from '../../src/modules/rbac/index.js';
import '../../src/modules/terminal/terminal.permissions.js';
import { type KernelApp, startKernelApp } from '../support/kernel-app.js';

let kernel: KernelApp;
let reader: Record<string, string>;

beforeAll(async () => {
  kernel = await startKernelApp({ imports: [RbacModule, AuditModule] });
  reader = kernel.tokens.issue('reader', { may: ['role.read'] });
});
afterAll(() => kernel?.close());

const get = (path: string, headers = reader) =>
  kernel.app.inject({ method: 'GET', url: `/api/v1${path}`, headers });

interface RolePage {
  items: RoleBody[];
  nextCursor: string | null;
  total: number;
}

interface RoleBody {
  id: string;
  name: string;
  permissions: string[];
}

async function roles(): Promise<RoleBody[]> {
  return (await get('/roles')).json<{ items: RoleBody[] }>().items;
}

describe('GET /permissions', () => {
  it('shows the whole catalogue to anybody who is signed in', async () => {
    const answer = await get('/permissions', kernel.tokens.issue('anybody'));
    expect(answer.statusCode).toBe(200);
    const { items, nextCursor } = answer.json<{ items: { name: string }[]; nextCursor: null }>();
    expect(nextCursor).toBeNull();
    expect(items.map(({ name }) => name)).toEqual([...permissionCatalogue.keys()].sort());
    expect(items.find(({ name }) => name === 'terminal.approve')).toEqual({
      name: 'terminal.approve',
      description: 'Decide commands that wait for a person.',
      level: 'ADMIN',
      sensitive: true,
      delegable: false,
    });
    // Whoever could lend these would lend the power over others.
    const { items: all } = answer.json<{ items: { name: string; delegable: boolean }[] }>();
    const kept = all.filter(({ delegable }) => !delegable).map(({ name }) => name);
    expect(kept).toEqual(expect.arrayContaining(['role.bind', 'terminal.approve']));
    const declared = [...permissionCatalogue.values()].filter(({ delegable }) => !delegable);
    expect(kept).toEqual(declared.map(({ name }) => name).sort());
  });

  it('is closed to those who are not', async () => {
    expect((await get('/permissions', {})).statusCode).toBe(401);
  });
});

describe('GET /roles', () => {
  it('lists the built-in roles with what they hold', async () => {
    const byName = new Map((await roles()).map((role) => [role.name, role.permissions]));
    expect([...byName.keys()]).toEqual([
      'admin',
      'approver',
      'auditor',
      'member',
      'operator',
      'support',
      'viewer',
    ]);
    expect(byName.get('admin')).toEqual([...permissionCatalogue.keys()].sort());
    expect(byName.get('member')).toEqual(['delegation.create', 'terminal.run']);
    expect(byName.get('viewer')).toEqual(['gateway.read', 'operation.read', 'policy.read', 'sandbox.read']);
    expect(byName.get('operator')).toEqual([
      'gateway.read',
      'operation.read',
      'operation.write',
      'policy.read',
      'sandbox.read',
      'sandbox.write',
    ]);
    expect(byName.get('approver')).toEqual([
      'gateway.read',
      'operation.read',
      'policy.read',
      'sandbox.read',
      'terminal.approve',
      'terminal.read',
    ]);
  });

  it('comes in pages', async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page: RolePage = (await get(`/roles?limit=3&total=true${from}`)).json();
      expect(page.total).toBe(7);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(names).toEqual(['admin', 'approver', 'auditor', 'member', 'operator', 'support', 'viewer']);
  });

  it('gives one role, and 404 for an id that nobody has', async () => {
    const [admin] = await roles();
    const answer = await get(`/roles/${admin.id}`);
    expect(answer.json()).toEqual({ ...admin, isBuiltIn: true, version: 1 });
    expect(answer.headers.etag).toBe('"1"');
    expect((await get('/roles/01936f5e-0000-7000-8000-000000000404')).statusCode).toBe(404);
    expect((await get('/roles/no-uuid')).statusCode).toBe(404);
  });

  it('asks for role.read', async () => {
    expect((await get('/roles', kernel.tokens.issue('poor'))).json()).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });
});

describe('built-in roles', () => {
  it('are written once by processes that start at once, and adapted when the catalogue has changed', async () => {
    const database = kernel.app.get(Database);
    const change = (sql: string) => database.writeAlone({ name: '', text: sql });
    await change(`UPDATE roles SET permissions = '{terminal.run}', version = 5 WHERE name = 'operator'`);
    await change(`DELETE FROM roles WHERE name = 'support'`);
    const others = await Promise.all(
      [1, 2, 3].map(() => startKernelApp({ imports: [RbacModule] }, kernel.database)),
    );
    await Promise.all(others.map((other) => other.close()));

    const after = await roles();
    expect(after.map(({ name }) => name)).toContain('support');
    expect(after.find(({ name }) => name === 'operator')).toMatchObject({
      version: 6,
      permissions: expect.arrayContaining(['operation.write']) as string[],
    });
    const facts = await database.read<{ detail: string }>({
      name: '',
      text: `SELECT detail FROM audit_entries WHERE action = 'role.define' ORDER BY id`,
    });
    const defined = facts.map(({ detail }) => (JSON.parse(detail) as { name: string }).name).sort();
    expect(defined).toEqual([
      'admin',
      'approver',
      'auditor',
      'member',
      'operator',
      'operator',
      'support',
      'support',
      'viewer',
    ]);
  });
});
