import {
  type PermissionScope,
  PermissionsByScope,
  PermissionSet,
  type Rights,
} from '../../../kernel/access/index.js';
import { contributes, isLive, type Reach, type ReachingBinding, scopeText } from './reach.js';

/**
 * What everything that reaches a principal amounts to, place by place, so that a check is a look-up and a bit:
 *
 * 1. A denial, there or everywhere, wins.
 * 2. On a gateway the most specific level that has any allow decides, whatever it contains: the principal's own, then
 *    those of its groups, then everything that counts everywhere. Within a level they add up.
 * 3. In a department what is allowed there adds to what is allowed everywhere.
 * 4. What every member may do comes on top of each level, and can be denied.
 */
export function compile(reach: Reach, nowMs: number): PermissionsByScope {
  const live = reach.bindings.filter((binding) => isLive(binding, nowMs));
  const everywhere = live.filter(({ scope }) => scope === null);
  const allowed = reach.baseline.permissions.union(union(everywhere, 'allow'));
  const denied = union(everywhere, 'deny');
  const exceptions = [...placesOf(live)].map(([scope, there]): [PermissionScope, PermissionSet] => [
    scope,
    allowedAt(scope, there, allowed, reach).minus(denied).minus(union(there, 'deny')),
  ]);
  return PermissionsByScope.of(allowed.minus(denied), exceptions);
}

export function rightsFrom(reach: Reach, nowMs: number): Rights {
  const permissionsByScope = compile(reach, nowMs);
  const held = reach.bindings.filter(
    (binding) => binding.scope === null && binding.effect === 'allow' && isLive(binding, nowMs),
  );
  return {
    roles: [...mostPowerfulFirst(held, reach), reach.baseline.name],
    ownRoles: [
      ...mostPowerfulFirst(
        held.filter(({ group }) => group === null),
        reach,
      ),
      reach.baseline.name,
    ],
    permissions: permissionsByScope.everywhere,
    permissionsByScope,
    validUntilMs: nextEnd(reach.bindings, nowMs),
  };
}

function allowedAt(
  scope: PermissionScope,
  there: readonly ReachingBinding[],
  everywhere: PermissionSet,
  { baseline, departments }: Reach,
): PermissionSet {
  if (scope.kind === 'department')
    return contributes(scope.id, departments) ? everywhere.union(union(there, 'allow')) : everywhere;
  const allows = there.filter(({ effect }) => effect === 'allow');
  const own = allows.filter(({ group }) => group === null);
  const level = own.length > 0 ? own : allows;
  return level.length > 0 ? baseline.permissions.union(union(level, 'allow')) : everywhere;
}

function placesOf(bindings: readonly ReachingBinding[]): Iterable<[PermissionScope, ReachingBinding[]]> {
  const places = new Map<string, [PermissionScope, ReachingBinding[]]>();
  for (const binding of bindings) {
    if (binding.scope === null) continue;
    const key = scopeText(binding.scope);
    const place = places.get(key);
    if (place === undefined) places.set(key, [binding.scope, [binding]]);
    else place[1].push(binding);
  }
  return places.values();
}

function union(bindings: readonly ReachingBinding[], effect: ReachingBinding['effect']): PermissionSet {
  return bindings.reduce(
    (set, binding) => (binding.effect === effect ? set.union(binding.role.permissions) : set),
    PermissionSet.none,
  );
}

function nextEnd(bindings: readonly ReachingBinding[], nowMs: number): number {
  const ends = bindings.filter((binding) => isLive(binding, nowMs)).map(({ expiresAt }) => expiresAt);
  return ends.reduce((next, end) => Math.min(next, end?.getTime() ?? Infinity), Infinity);
}

function mostPowerfulFirst(bindings: readonly ReachingBinding[], { baseline }: Reach): string[] {
  const roles = bindings.map(({ role }) => role).filter(({ name }) => name !== baseline.name);
  const sorted = roles.sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  return [...new Set(sorted.map(({ name }) => name))];
}
