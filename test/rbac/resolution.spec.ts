import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import {
  type Affiliation,
  Affiliations,
  permissionCatalogue,
  type PermissionScope,
  PermissionSet,
} from '../../src/kernel/access/index.js';
import { Database } from '../../src/kernel/database/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { RbacModule } from '../../src/modules/rbac/index.js';
import { compile } from '../../src/modules/rbac/resolution/compile.js';
import { explain } from '../../src/modules/rbac/resolution/explanation.js';
import type { Reach, ReachingBinding, ReachingRole } from '../../src/modules/rbac/resolution/reach.js';
import '../../src/modules/terminal/terminal.permissions.js';
import { type KernelApp, startKernelApp } from '../support/kernel-app.js';

const NOW = Date.UTC(2026, 0, 1);
const PERMISSIONS = [
  'gateway.read',
  'sandbox.read',
  'sandbox.write',
  'terminal.run',
  'authz.inspect',
  'role.bind',
];
const PLACES: (PermissionScope | null)[] = [
  null,
  { kind: 'gateway', id: '01936f5e-0000-7000-8000-0000000000a1' },
  { kind: 'gateway', id: '01936f5e-0000-7000-8000-0000000000a2' },
  { kind: 'department', id: '01936f5e-0000-7000-8000-0000000000d1' },
  { kind: 'department', id: '01936f5e-0000-7000-8000-0000000000d2' },
];
const GROUPS = ['01936f5e-0000-7000-8000-0000000000f1', '01936f5e-0000-7000-8000-0000000000f2'];
const MEMBER = ['terminal.run', 'delegation.create'];
const ASKED = [...PERMISSIONS, 'delegation.create'];

/** A binding as a person would note it down: no bits, no objects of ours. */
interface Plain {
  readonly id: string;
  readonly permissions: string[];
  readonly effect: 'allow' | 'deny';
  /** Index into PLACES. */
  readonly place: number;
  /** Index into GROUPS; null for an own binding. */
  readonly group: number | null;
  readonly endsInMs: number | null;
}
interface Plan {
  readonly bindings: readonly Plain[];
  readonly departments: readonly Affiliation[] | null;
}

const plainBinding: fc.Arbitrary<Plain> = fc.record({
  id: fc.uuid(),
  permissions: fc.subarray(PERMISSIONS),
  effect: fc.constantFrom('allow', 'allow', 'deny'),
  place: fc.integer({ min: 0, max: PLACES.length - 1 }),
  group: fc.constantFrom(null, 0, 1),
  endsInMs: fc.constantFrom(null, null, -1, 0, 1, 60_000),
});
const departments = fc.option(
  fc
    .subarray(PLACES.slice(3))
    .chain((some) =>
      fc.tuple(
        ...some.map((place) => fc.boolean().map((isActive) => ({ departmentId: place!.id, isActive }))),
      ),
    ),
);
const plan: fc.Arbitrary<Plan> = fc.record({
  bindings: fc.array(plainBinding, { maxLength: 8 }),
  departments,
});

/** The rule as 20-rbac states it, sentence by sentence and slow. */
function reference({ bindings, departments }: Plan, permission: string, place: number): boolean {
  // Expired bindings do not count, from the instant they expire.
  const counting = bindings.filter(({ endsInMs }) => endsInMs === null || endsInMs > 0);
  const gives = (some: Plain[]) => some.some(({ permissions }) => permissions.includes(permission));
  const at = (where: number, effect: string) =>
    counting.filter((binding) => binding.place === where && binding.effect === effect);
  // Deny wins, at the place or at global, at any level.
  if (gives(at(place, 'deny')) || gives(at(0, 'deny'))) return false;
  // Every signed-in principal has member's permissions.
  if (MEMBER.includes(permission)) return true;
  if (PLACES[place]?.kind === 'department') {
    // Additive over the principal's departments; an inactive one contributes nothing.
    const { id } = PLACES[place];
    const counts = departments === null || departments.some((one) => one.departmentId === id && one.isActive);
    return gives(at(0, 'allow')) || (counts && gives(at(place, 'allow')));
  }
  if (place !== 0) {
    const own = at(place, 'allow').filter(({ group }) => group === null);
    if (own.length > 0) return gives(own);
    const ofGroups = at(place, 'allow').filter(({ group }) => group !== null);
    if (ofGroups.length > 0) return gives(ofGroups);
  }
  return gives(at(0, 'allow'));
}

const role = (id: string, permissions: string[]): ReachingRole => ({
  id,
  name: `role ${id}`,
  permissions: PermissionSet.of(permissions),
  size: permissions.length,
});

function reachOf({ bindings, departments }: Plan): Reach {
  return {
    baseline: { ...role('member', MEMBER), name: 'member' },
    bindings: bindings.map(({ id, permissions, effect, place, group, endsInMs }): ReachingBinding => ({
      id,
      role: role(id, permissions),
      effect,
      scope: PLACES[place],
      expiresAt: endsInMs === null ? null : new Date(NOW + endsInMs),
      group: group === null ? null : { id: GROUPS[group], name: `group ${group}` },
    })),
    groupIds: GROUPS,
    departments,
  };
}

const named = (name: string) => permissionCatalogue.get(name)!;
const rightsOf = (what: Plan) => compile(reachOf(what), NOW);
const isWithin = (less: Plan, more: Plan) => rightsOf(less).beyond(rightsOf(more)).isEmpty();

describe('The compiled answer, the explanation and the rule as it is written', () => {
  it('agree about every permission in every place', () => {
    let questions = 0;
    fc.assert(
      fc.property(plan, (what) => {
        const reach = reachOf(what);
        const compiled = compile(reach, NOW);
        for (const permission of ASKED) {
          for (const [place, scope] of PLACES.entries()) {
            const expected = reference(what, permission, place);
            const { verdict, considered } = explain({
              reach,
              permission: named(permission),
              scope,
              nowMs: NOW,
            });
            if (compiled.at(scope).has(named(permission)) !== expected || verdict.allowed !== expected)
              throw new Error(`${permission} at ${JSON.stringify(scope)} should be ${expected}`);
            if (considered.filter(({ decisive }) => decisive).length > 1)
              throw new Error('Two bindings decided.');
            questions += 1;
          }
        }
      }),
      { numRuns: 2_000 },
    );
    expect(questions).toBe(2_000 * ASKED.length * PLACES.length);
  });

  it('agree about a place that no binding names: it is as everywhere', () => {
    fc.assert(
      fc.property(plan, fc.constantFrom('gateway' as const, 'department' as const), (what, kind) => {
        const rights = rightsOf(what);
        expect(rights.at({ kind, id: '01936f5e-0000-7000-8000-000000000777' })).toBe(rights.everywhere);
      }),
      { numRuns: 500 },
    );
  });
});

describe('More is never had', () => {
  it('by adding a denial', () => {
    fc.assert(
      fc.property(plan, plainBinding, (what, extra) => {
        const denied = { ...what, bindings: [...what.bindings, { ...extra, effect: 'deny' as const }] };
        expect(isWithin(denied, what)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('by taking away what was allowed everywhere', () => {
    fc.assert(
      fc.property(plan, plainBinding, (what, extra) => {
        const allow = { ...extra, effect: 'allow' as const, place: 0 };
        expect(isWithin(what, { ...what, bindings: [...what.bindings, allow] })).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('than the remaining bindings say, when one for a single place or a denial is taken away', () => {
    fc.assert(
      fc.property(plan, fc.nat(), (what, pick) => {
        if (what.bindings.length === 0) return;
        const bindings = what.bindings.filter((_, index) => index !== pick % what.bindings.length);
        const remaining = { ...what, bindings };
        const rights = rightsOf(remaining);
        for (const permission of ASKED)
          for (const [place, scope] of PLACES.entries())
            if (rights.at(scope).has(named(permission)) && !reference(remaining, permission, place))
              throw new Error(`${permission} is left over at ${JSON.stringify(scope)}`);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** The same rule once more, in the language of the tables. */
const IN_SQL = `
WITH counting AS (
  SELECT b.effect, b.scope_kind, b.scope_id, b.subject_kind <> 'user' AS through_group, r.permissions
  FROM role_bindings b JOIN roles r ON r.id = b.role_id
  WHERE b.tenant_id = $1 AND (b.expires_at IS NULL OR b.expires_at > $6)
    AND (b.subject_kind = 'user' AND b.subject_id = $2
      OR b.subject_kind = 'group' AND b.subject_id IN (
        SELECT group_id FROM group_members WHERE principal_kind = 'user' AND principal_id = $2))
), there AS (
  SELECT * FROM counting WHERE scope_kind = $4 AND scope_id = $5
), everywhere AS (
  SELECT * FROM counting WHERE scope_kind = 'global'
), level AS (
  SELECT CASE
    WHEN $4 = 'department' THEN 'all'
    WHEN EXISTS (SELECT FROM there WHERE effect = 'allow' AND NOT through_group) THEN 'own'
    WHEN EXISTS (SELECT FROM there WHERE effect = 'allow') THEN 'group'
    ELSE 'everywhere' END AS name
)
SELECT NOT EXISTS (
    SELECT FROM (SELECT * FROM there UNION ALL SELECT * FROM everywhere) AS d WHERE effect = 'deny' AND $3 = ANY (permissions))
  AND (
    EXISTS (SELECT FROM roles WHERE tenant_id = $1 AND name = 'member' AND $3 = ANY (permissions))
    OR EXISTS (SELECT FROM there, level WHERE effect = 'allow' AND $3 = ANY (permissions)
      AND (level.name = 'group' OR level.name = 'own' AND NOT through_group OR level.name = 'all' AND $7))
    OR EXISTS (SELECT FROM everywhere, level WHERE effect = 'allow' AND $3 = ANY (permissions) AND level.name IN ('all', 'everywhere'))
  ) AS allowed`;

describe('On PostgreSQL', () => {
  let kernel: KernelApp;
  let known: readonly Affiliation[] = [];

  beforeAll(async () => {
    kernel = await startKernelApp({ imports: [RbacModule] });
    kernel.app.get(Affiliations).bind({ of: (subjects) => Promise.resolve(subjects.map(() => known)) });
  });
  afterAll(() => kernel?.close());

  const sql = <Row>(text: string, values: unknown[] = []) =>
    kernel.app.get(Database).writeAlone<Row>({ name: '', text }, values);

  it('rights that are read, compiled and asked for say what a query over the tables says', async () => {
    const { KnownRights } = await import('../../src/modules/rbac/resolution/known-rights.js');
    const rights = kernel.app.get(KnownRights);
    const now = kernel.clock.now();
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (drawn) => {
        const what = { ...drawn, departments: drawn.departments ?? [] };
        known = what.departments;
        const subject = randomUUID();
        const groups = GROUPS.map(() => randomUUID());
        await store(what, subject, groups, now);
        const compiled = (await rights.of({ kind: 'user', id: subject, tenantId: DEFAULT_TENANT_ID })).rights;
        for (const [place, scope] of PLACES.entries()) {
          const permission = ASKED[(asked + place) % ASKED.length];
          const isMember = known.some(({ departmentId, isActive }) => departmentId === scope?.id && isActive);
          const values = [
            DEFAULT_TENANT_ID,
            subject,
            permission,
            scope?.kind ?? 'global',
            scope?.id ?? null,
            now,
            isMember,
          ];
          const [row] = await sql<{ allowed: boolean }>(IN_SQL, values);
          expect([permission, scope, row.allowed]).toEqual([
            permission,
            scope,
            compiled.permissionsByScope.at(scope).has(named(permission)),
          ]);
          expect(row.allowed).toBe(reference(what, permission, place));
        }
        asked += PLACES.length;
      }),
      { numRuns: 80 },
    );
    expect(asked).toBeGreaterThanOrEqual(300);
  });

  async function store({ bindings }: Plan, subject: string, groups: string[], now: Date): Promise<void> {
    for (const id of groups) {
      await sql('INSERT INTO groups (id, tenant_id, name, name_key) VALUES ($1, $2, $3, $3)', [
        id,
        DEFAULT_TENANT_ID,
        id,
      ]);
      await sql(
        `INSERT INTO group_members (group_id, principal_kind, principal_id) VALUES ($1, 'user', $2)`,
        [id, subject],
      );
    }
    for (const { permissions, effect, place, group, endsInMs } of bindings) {
      const [roleId, scope] = [randomUUID(), PLACES[place]];
      await sql('INSERT INTO roles (id, tenant_id, name, permissions) VALUES ($1, $2, $3, $4)', [
        roleId,
        DEFAULT_TENANT_ID,
        roleId,
        permissions,
      ]);
      await sql(
        `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id, effect, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          randomUUID(),
          DEFAULT_TENANT_ID,
          group === null ? 'user' : 'group',
          group === null ? subject : groups[group],
          roleId,
          scope?.kind ?? 'global',
          scope?.id ?? null,
          effect,
          endsInMs === null ? null : new Date(now.getTime() + endsInMs * 1_000_000),
        ],
      );
    }
  }
});
