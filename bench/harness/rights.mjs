/** People with roles everywhere and on single gateways, and questions about them: always the same ones. */
const PEOPLE = 250;
const GATEWAYS = 10;
const ROLES = 12;
const TENANT = '00000000-0000-7000-8000-000000000001';

/** @param {(path: string) => Promise<any>} fromBuild */
export async function peopleWithRights(fromBuild) {
  const [{ permissionCatalogue, PermissionSet }, { permissionsAt }, { KnownRights }] = await Promise.all([
    fromBuild('src/kernel/access/index.js'),
    fromBuild('src/kernel/operation/index.js'),
    fromBuild('src/modules/rbac/resolution/known-rights.js'),
    fromBuild('src/modules/rbac/index.js'),
  ]);
  const random = randomFrom(20_260_105);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const names = [...permissionCatalogue.keys()];
  const roles = Array.from({ length: ROLES }, (_, index) => {
    const permissions = names.filter(() => random() < 0.25);
    return {
      id: idOf(1, index),
      name: `role ${index}`,
      permissions: PermissionSet.of(permissions),
      size: permissions.length,
    };
  });
  const gateways = Array.from({ length: GATEWAYS }, (_, index) => ({ kind: 'gateway', id: idOf(2, index) }));
  const baseline = {
    id: idOf(1, 999),
    name: 'member',
    permissions: PermissionSet.of(['terminal.run']),
    size: 1,
  };
  const binding = (scope, index) => ({
    id: idOf(3, index),
    role: pick(roles),
    effect: random() < 0.1 ? 'deny' : 'allow',
    scope,
    expiresAt: null,
    group: random() < 0.3 ? { id: idOf(4, 0), name: 'group' } : null,
  });
  const reaches = new Map();
  const subjects = Array.from({ length: PEOPLE }, (_, index) => {
    const subject = { kind: 'user', id: idOf(5, index), tenantId: TENANT };
    const bindings = [
      binding(null, 0),
      ...gateways.filter(() => random() < 0.3).map((scope, at) => binding(scope, at + 1)),
    ];
    reaches.set(subject.id, { baseline, bindings, groupIds: [idOf(4, 0)], departments: null });
    return subject;
  });

  const known = new KnownRights(
    alwaysFresh(),
    { of: ({ id }) => Promise.resolve(reaches.get(id)) },
    machineClock(),
  );
  for (const subject of subjects) await known.of(subject);
  const rightsOf = (subject) => known.peek(subject).rights.permissionsByScope;
  const principals = new Map(
    subjects.map((subject) => {
      const { permissions, permissionsByScope } = known.peek(subject).rights;
      return [subject.id, { ...subject, permissions, permissionsByScope }];
    }),
  );
  const places = [null, ...gateways];
  return {
    /** As the guard asks about the principal of a request. */
    allows: ({ id, permission, scope }) => permissionsAt(principals.get(id), scope).has(permission),
    /** As other parts ask about anybody: is it known, can that be trusted, has nothing of it ended, may it do this there? */
    allowsNow: ({ subject, permission, scope }) => rightsOf(subject).at(scope).has(permission),
    /** What everybody may do in each place, worked out, for engines that cannot work it out themselves. */
    effective: subjects.flatMap((subject) =>
      places.map((scope) => ({
        id: subject.id,
        place: scope?.id ?? 'everywhere',
        permissions: rightsOf(subject).at(scope).names(),
      })),
    ),
    questions: (count) =>
      Array.from({ length: count }, () => {
        const [subject, permissionName, scope] = [pick(subjects), pick(names), pick(places)];
        const permission = permissionCatalogue.get(permissionName);
        return {
          subject,
          id: subject.id,
          permission,
          permissionName,
          scope,
          place: scope?.id ?? 'everywhere',
        };
      }),
  };
}

/** A change feed as it is while the database can be read. */
function alwaysFresh() {
  const freshUntil = performance.now() + 3_600_000;
  return { subscribe: () => undefined, isFresh: () => performance.now() <= freshUntil };
}

function machineClock() {
  return { now: () => new Date(), nowMs: () => Date.now(), monotonicMs: () => performance.now() };
}

function idOf(kind, index) {
  return `01936f5e-000${kind}-7000-8000-${String(index).padStart(12, '0')}`;
}

/** mulberry32: the same numbers each time. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
