import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import {
  type BindingFilter,
  cappedCount,
  newestBindings,
} from '../../src/modules/rbac/bindings/newest-bindings.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { queryPlan } from '../support/query-plan.js';

const BINDINGS = 40_000;
const PAGE = 51;
/** What few bindings are about, and all of them old: whoever goes through the newest first meets them last. */
const RARE = 12;
const rare = { subject: { kind: 'group', id: randomUUID() }, roleId: randomUUID() };
const busy = { subject: { kind: 'service', id: randomUUID() }, roleId: randomUUID() };
const rarePlace = { kind: 'gateway', id: randomUUID() };
const busyPlace = { kind: 'department', id: randomUUID() };
const everywhere = { kind: 'global', id: null };

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  for (const { roleId } of [rare, busy])
    await client.query('INSERT INTO roles (id, tenant_id, name) VALUES ($1, $2, $1::uuid::text)', [
      roleId,
      DEFAULT_TENANT_ID,
    ]);
  // The oldest are the rare ones. Of the others each third has something in common, and all have their role.
  await bind(0, RARE, { subject: rare.subject });
  await bind(RARE, 2 * RARE, { roleId: rare.roleId });
  await bind(2 * RARE, 3 * RARE, { scope: rarePlace });
  await bind(3 * RARE, BINDINGS, { subject: busy.subject }, 0);
  await bind(3 * RARE, BINDINGS, { scope: busyPlace }, 1);
  await bind(3 * RARE, BINDINGS, { scope: everywhere }, 2);
  await client.query('VACUUM ANALYZE role_bindings');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

/** Somebody else's bindings somewhere else each, apart from what they have in common. */
async function bind(from: number, to: number, common: BindingFilter, third?: number): Promise<void> {
  const { subject = { kind: 'user', id: null }, roleId = busy.roleId } = common;
  const { kind, id } = common.scope ?? { kind: 'gateway', id: null };
  await client.query(
    `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id)
     SELECT lpad(to_hex(n), 32, '0')::uuid, $1, $2, coalesce($3::uuid, gen_random_uuid()), $4, $5,
       CASE WHEN $5::varchar <> 'global' THEN coalesce($6::uuid, gen_random_uuid()) END
     FROM generate_series($7::int, $8::int - 1) AS n WHERE $9::int IS NULL OR n % 3 = $9`,
    [DEFAULT_TENANT_ID, subject.kind, subject.id, roleId, kind, id, from, to, third],
  );
}

const page = (filter: BindingFilter, before: string | null = null) =>
  queryPlan(client, newestBindings(DEFAULT_TENANT_ID, filter, before, PAGE));

describe('A page of bindings reads about as many as it shows', () => {
  it.each<[string, BindingFilter, number]>([
    ['all', {}, PAGE],
    ['of a subject with few', { subject: rare.subject }, RARE],
    ['of a subject with many', { subject: busy.subject }, PAGE],
    ['of a role with few', { roleId: rare.roleId }, RARE],
    ['of a role with many', { roleId: busy.roleId }, PAGE],
    ['in a place with few', { scope: rarePlace }, RARE],
    ['in a place with many', { scope: busyPlace }, PAGE],
    ['everywhere', { scope: everywhere }, PAGE],
    ['of a role with few, everywhere', { roleId: rare.roleId, scope: everywhere }, 0],
    ['of a role with many, in a place with few', { roleId: busy.roleId, scope: rarePlace }, RARE],
    ['of a role with many, in a place with many', { roleId: busy.roleId, scope: busyPlace }, PAGE],
    ['of a role with many, everywhere', { roleId: busy.roleId, scope: everywhere }, PAGE],
    ['of a subject with few and a role with many', { subject: rare.subject, roleId: busy.roleId }, RARE],
    ['of a subject with many and a role with few', { subject: busy.subject, roleId: rare.roleId }, 0],
    ['of a subject with many and a role with many', { subject: busy.subject, roleId: busy.roleId }, PAGE],
    ['of a subject with many, in a place with few', { subject: busy.subject, scope: rarePlace }, 0],
    ['of a subject with few, everywhere', { subject: rare.subject, scope: everywhere }, 0],
  ])('%s', async (_what, filter, expected) => {
    const { kinds, touched, sorted, found } = await page(filter);
    expect(found).toBe(expected);
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(3 * PAGE);
    expect(sorted).toBeLessThanOrEqual(3 * PAGE);
  });

  it.each<[string, BindingFilter]>([
    ['a subject', { subject: busy.subject }],
    ['a role', { roleId: busy.roleId }],
    ['a place', { scope: busyPlace }],
    ['a role everywhere', { roleId: busy.roleId, scope: everywhere }],
  ])('however far back in the list of %s', async (_what, filter) => {
    const { found, touched, sorted } = await page(filter, '00000000-0000-0000-0000-000000002000');
    expect({ found, sorted }).toEqual({ found: PAGE, sorted: 0 });
    expect(touched).toBeLessThanOrEqual(3 * PAGE);
  });
});

it('counting stops at its limit', async () => {
  for (const filter of [{}, { subject: busy.subject }, { roleId: busy.roleId, scope: everywhere }]) {
    const { kinds, touched } = await queryPlan(client, cappedCount(DEFAULT_TENANT_ID, filter, 1_001));
    expect(kinds).not.toContain('Seq Scan');
    expect(touched).toBeLessThanOrEqual(1_001);
  }
});
