import { Client } from 'pg';
import { BUILT_IN_ROLES, type BuiltInRole } from '../../src/kernel/access/index.js';
import { hashToken, keyPrefix, mintToken } from '../../src/kernel/crypto/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { Entropy, Ids } from '../../src/kernel/runtime/index.js';
import { AccessTokens } from '../../src/modules/auth/access-tokens/access-tokens.js';
import { sealEverything } from '../audit/sealed-log.js';
import type { TestApp } from '../support/app.js';

export interface Person {
  readonly id: string;
  readonly tenantId: string;
}

export interface SignedIn {
  readonly token: string;
  readonly person: Person;
  readonly familyId: string;
}

/** How a thing of a person comes to be, by the path in front of its id; gives the id. */
type Making = (world: World, owner: Person, parents: readonly string[]) => Promise<string>;

const THINGS: Readonly<Record<string, Making>> = {
  '/users/': (_world, owner) => Promise.resolve(owner.id),
  '/auth/sessions/': async (world, owner) => (await world.session(owner)).id,
  '/auth/api-keys/': async (world, owner) => (await world.apiKey('user', owner.id, owner.tenantId)).id,
  '/service-principals/': (world, { tenantId }) =>
    world.insert('service_principals', { tenant_id: tenantId, name: world.name() }),
  '/service-principals/{}/keys/': async (world, { tenantId }, [serviceId]) =>
    (await world.apiKey('service', serviceId, tenantId)).id,
  '/roles/': (world, { tenantId }) => world.insert('roles', { tenant_id: tenantId, name: world.name() }),
  '/role-bindings/': async (world, owner) => world.binding(owner),
  '/groups/': (world, { tenantId }) => {
    const name = world.name();
    return world.insert('groups', { tenant_id: tenantId, name, name_key: name });
  },
  '/groups/{}/members/': () => Promise.resolve('user'),
  '/groups/{}/members/{}/': async (world, owner, [groupId]) => {
    await world.put('group_members', {
      group_id: groupId,
      principal_kind: 'user',
      principal_id: owner.id,
    });
    return owner.id;
  },
  '/admin/impersonations/': async (world, owner) => {
    const user = await world.person(owner.tenantId);
    return world.impersonation({ person: owner, familyId: world.id() }, user);
  },
  '/audit/entries/': (world, { tenantId }) =>
    world.insert('audit_entries', {
      tenant_id: tenantId,
      occurred_at: new Date(),
      actor_kind: 'system',
      action: 'test.happen',
      resource_type: 'test',
      outcome: 'success',
      detail: '{}',
      leaf_hash: Buffer.alloc(32),
    }),
  '/auth/pairings/': (world, { tenantId }) => world.pairing(tenantId),
  '/terminal/commands/': (world, owner) => world.command(owner),
  '/terminal/approvals/': (world, owner) => world.approval(owner),
  '/terminal/whitelist/': (world, { id, tenantId }) => world.rule(tenantId, 'allow', id),
  '/terminal/blocklist/': (world, { tenantId }) => world.rule(tenantId, 'block', null),
  '/terminal/packs/': () => Promise.resolve('git-read'),
  '/terminal/trust-windows/': (world, { id, tenantId }) =>
    world.insert('trust_windows', {
      tenant_id: tenantId,
      principal_kind: 'user',
      principal_id: id,
      pattern: 'git push',
      granted_by: world.id(),
      granted_by_name: 'granter',
      created_at: new Date(),
      expires_at: inMinutes(10),
      max_uses: 1,
    }),
  '/problems/': () => Promise.resolve('not_found'),
};

const DIGEST = '5c'.repeat(32);
const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

/** What is sent to a route with a body; `{}` to all others. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/v1/groups/{id}/members': { kind: 'user', id: NOBODY },
  'POST /api/v1/terminal/approvals/{id}/approve': { digest: DIGEST },
  'POST /api/v1/terminal/approvals/{id}/reject': { note: 'The matrix is being walked' },
  'POST /api/v1/terminal/commands/{id}/confirmation': { confirmed: false },
  'POST /api/v1/terminal/commands/{id}/result': { exitCode: 0 },
};

/** What nobody has, by the path in front of it; an identifier for all others. */
const ABSENT: Readonly<Record<string, string>> = { '/auth/pairings/': 'BCDF-GHJK' };

/** Bodies that name a user, for routes that must not tell another tenant's from one that nobody has. */
export const NAMING: Readonly<Record<string, (userId: string) => object>> = {
  'POST /api/v1/admin/impersonations': (userId) => ({ userId, reason: 'The matrix is being walked' }),
};

/** What must have happened before a caller asks, when the route is about what the caller did. */
const BEFORE: Readonly<Record<string, (world: World, caller: SignedIn) => Promise<unknown>>> = {
  'GET /api/v1/admin/impersonations/current': impersonating,
  'DELETE /api/v1/admin/impersonations/current': impersonating,
};

async function impersonating(world: World, caller: SignedIn): Promise<unknown> {
  return world.impersonation(caller, await world.person());
}

/** People of every role, their things, and those of another tenant; put into the tables, since nobody asks how they came. */
export class World {
  readonly people = {} as Record<BuiltInRole, Person>;
  private otherTenant = '';
  private names = 0;

  private constructor(
    private readonly app: TestApp,
    private readonly sql: Client,
  ) {}

  static async of(app: TestApp): Promise<World> {
    const sql = new Client({ connectionString: app.database.ownerUrl });
    await sql.connect();
    const world = new World(app, sql);
    world.otherTenant = await world.insert('tenants', { slug: 'other', name: 'Other' });
    for (const role of BUILT_IN_ROLES) world.people[role] = await world.withRole(role);
    await world.things('/audit/entries/{id}', world.people.admin);
    await sealEverything(app);
    return world;
  }

  close(): Promise<void> {
    return this.sql.end();
  }

  id = (): string => this.app.get(Ids).next();
  name = (): string => `thing-${(this.names += 1)}`;
  stranger = (): Promise<Person> => this.person(this.otherTenant);

  async person(tenantId: string = DEFAULT_TENANT_ID): Promise<Person> {
    const name = this.name();
    const email = `${name}@example.com`;
    const names = { username: name, username_key: name, email, email_key: email };
    const id = await this.insert('users', { tenant_id: tenantId, ...names, email_verified_at: new Date() });
    return { id, tenantId };
  }

  async withRole(role: BuiltInRole): Promise<Person> {
    const person = await this.person();
    const { rows } = await this.sql.query<{ id: string }>(
      'SELECT id FROM roles WHERE tenant_id = $1 AND name = $2',
      [DEFAULT_TENANT_ID, role],
    );
    const binding = { tenant_id: DEFAULT_TENANT_ID, subject_kind: 'user', subject_id: person.id };
    if (role !== 'member') await this.insert('role_bindings', { ...binding, role_id: rows[0].id });
    return person;
  }

  async signedIn(person: Person, provedMinutesAgo = 0): Promise<SignedIn> {
    const { id, authenticatedAt } = await this.session(person, provedMinutesAgo);
    const { id: userId, tenantId } = person;
    const about = { id, userId, tenantId, amr: ['pwd'], authenticatedAt };
    return { token: this.app.get(AccessTokens).mint(about).accessToken, person, familyId: id };
  }

  async acting(actor: Person, user: Person): Promise<SignedIn> {
    const session = await this.signedIn(actor);
    const id = await this.impersonation(session, user);
    const about = { id, userId: user.id, tenantId: user.tenantId, amr: ['pwd'], authenticatedAt: new Date() };
    const token = this.app.get(AccessTokens).mintForActor(about, actor.id, inMinutes(10));
    return { token, person: user, familyId: session.familyId };
  }

  async session({ id: userId, tenantId }: Person, provedMinutesAgo = 0) {
    const authenticatedAt = inMinutes(-provedMinutesAgo);
    const id = this.id();
    await this.insert('auth_sessions', {
      id,
      family_id: id,
      tenant_id: tenantId,
      user_id: userId,
      refresh_token_hash: id,
      authenticated_at: authenticatedAt,
      created_at: authenticatedAt,
      last_active_at: authenticatedAt,
      expires_at: inMinutes(60),
    });
    return { id, authenticatedAt };
  }

  async apiKey(ownerKind: 'user' | 'service', ownerId: string, tenantId: string) {
    const key = mintToken(ownerKind === 'user' ? 'usr' : 'svc', this.app.get(Entropy));
    const id = await this.insert('api_keys', {
      tenant_id: tenantId,
      owner_kind: ownerKind,
      owner_id: ownerId,
      key_prefix: keyPrefix(key),
      key_hash: hashToken(key),
      created_at: new Date(),
      expires_at: inMinutes(60),
    });
    return { id, key };
  }

  impersonation({ person, familyId }: Omit<SignedIn, 'token'>, user: Person): Promise<string> {
    return this.insert('impersonations', {
      tenant_id: person.tenantId,
      actor_id: person.id,
      actor_name: 'actor',
      actor_family_id: familyId,
      user_id: user.id,
      user_name: 'user',
      reason: 'The matrix is being walked',
      created_at: new Date(),
      expires_at: inMinutes(10),
    });
  }

  async binding({ id, tenantId }: Person): Promise<string> {
    const roleId = await this.insert('roles', { tenant_id: tenantId, name: this.name() });
    const values = { tenant_id: tenantId, subject_kind: 'user', subject_id: id, role_id: roleId };
    return this.insert('role_bindings', values);
  }

  /** Of a code that no other pairing has. */
  async pairing(tenantId: string): Promise<string> {
    const letters = [...String((this.names += 1)).padStart(8, '0')].map(
      (digit) => 'BCDFGHJKLM'[Number(digit)],
    );
    const userCode = `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
    await this.insert('pairings', {
      tenant_id: tenantId,
      device_code_hash: this.id(),
      user_code: userCode,
      device_name: 'laptop',
      status: 'pending',
      interval_seconds: 5,
      created_at: new Date(),
      expires_at: inMinutes(10),
    });
    return userCode;
  }

  command({ id, tenantId }: Person, status = 'awaiting_confirmation'): Promise<string> {
    return this.insert('command_requests', {
      tenant_id: tenantId,
      principal_kind: 'user',
      principal_id: id,
      principal_name: 'requester',
      session_id: 'matrix',
      mode: 'local',
      command: 'git push',
      display: 'git push',
      digest: DIGEST,
      policy_version: DIGEST,
      verdict: status === 'awaiting_approval' ? 'approve' : 'confirm',
      status,
      created_at: new Date(),
    });
  }

  async approval(requester: Person): Promise<string> {
    return this.insert('terminal_approvals', {
      tenant_id: requester.tenantId,
      request_id: await this.command(requester, 'awaiting_approval'),
      requester_kind: 'user',
      requester_id: requester.id,
      requester_name: 'requester',
      digest: DIGEST,
      policy_version: 'a3'.repeat(32),
      status: 'pending',
      required_approvals: 1,
      expires_at: inMinutes(5),
      created_at: new Date(),
      changed_at: new Date(),
    });
  }

  rule(tenantId: string, effect: 'allow' | 'block', ownerId: string | null): Promise<string> {
    const pattern = this.name();
    return this.insert('terminal_rules', {
      tenant_id: tenantId,
      effect,
      owner_scope: ownerId === null ? 'global' : 'user',
      owner_id: ownerId,
      pattern,
      pattern_key: pattern,
      created_at: new Date(),
    });
  }

  /** Puts a thing there for each id in the path, of the owner; gives the ids in order. */
  async things(template: string, owner: Person): Promise<string[]> {
    const ids: string[] = [];
    for (const kind of kindsIn(template)) {
      const making = THINGS[kind];
      if (making === undefined) throw new Error(`Say in THINGS how a thing of ${kind} comes to be.`);
      ids.push(await making(this, owner, ids));
    }
    return ids;
  }

  /** In place of each id in the path, one that nobody has. */
  absent(template: string): string[] {
    return kindsIn(template).map((kind) => ABSENT[kind] ?? NOBODY);
  }

  bodyOf(route: string): object {
    return BODIES[route] ?? {};
  }

  async before(route: string, caller: SignedIn): Promise<void> {
    await BEFORE[route]?.(this, caller);
  }

  /** The id of the new row. */
  async insert(table: string, values: Record<string, unknown>): Promise<string> {
    const row: Record<string, unknown> = { id: this.id(), ...values };
    await this.put(table, row);
    return row.id as string;
  }

  async put(table: string, row: Record<string, unknown>): Promise<void> {
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`);
    const text = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`;
    await this.sql.query(text, Object.values(row));
  }
}

/** `/service-principals/` and `/service-principals/{}/keys/` for a template with two ids. */
function kindsIn(template: string): string[] {
  const path = template.replace('/api/v1', '').replace(/\{\w+\}/g, '{}');
  return [...path.matchAll(/\{\}/g)].map(({ index }) => path.slice(0, index));
}

function inMinutes(minutes: number): Date {
  return new Date(Date.now() + minutes * 60_000);
}
