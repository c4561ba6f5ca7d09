import type { Permission, PermissionScope } from '../../../kernel/access/index.js';
import { contributes, isLive, isSameScope, type Reach, type ReachingBinding } from './reach.js';

/** By which part of the rule a question was decided. */
export type Rule =
  'denied' | 'own_binding' | 'group_binding' | 'everywhere' | 'department' | 'member' | 'nothing_allows';

export interface Verdict {
  readonly allowed: boolean;
  readonly rule: Rule;
  /** The binding that decided; null when none did. */
  readonly decisive: ReachingBinding | null;
  /** The bindings among which the decision fell. */
  readonly level: readonly ReachingBinding[];
}

/** The rule, one question at a time, for answers that name their reason. `compile` is the same rule for every question at once. */
export function decide(
  reach: Reach,
  permission: Permission,
  scope: PermissionScope | null,
  nowMs: number,
): Verdict {
  const counting = inOrder(reach.bindings).filter((binding) => isLive(binding, nowMs));
  const everywhere = counting.filter((binding) => binding.scope === null);
  const there = scope === null ? [] : counting.filter((binding) => isSameScope(binding.scope, scope));

  const denial = [...there, ...everywhere].find(
    (binding) => binding.effect === 'deny' && binding.role.permissions.has(permission),
  );
  if (denial !== undefined) return { allowed: false, rule: 'denied', decisive: denial, level: [denial] };

  const { rule, level } = decidingLevel(scope, there.filter(isAllow), everywhere.filter(isAllow), reach);
  const giving = level.find((binding) => binding.role.permissions.has(permission));
  if (giving !== undefined) return { allowed: true, rule, decisive: giving, level };
  if (reach.baseline.permissions.has(permission))
    return { allowed: true, rule: 'member', decisive: null, level };
  const isSpecific = rule === 'own_binding' || rule === 'group_binding';
  if (isSpecific) return { allowed: false, rule, decisive: level[0], level };
  return { allowed: false, rule: 'nothing_allows', decisive: null, level };
}

function decidingLevel(
  scope: PermissionScope | null,
  there: readonly ReachingBinding[],
  everywhere: readonly ReachingBinding[],
  { departments }: Reach,
): { rule: Rule; level: readonly ReachingBinding[] } {
  if (scope?.kind === 'department' && there.length > 0 && contributes(scope.id, departments))
    return { rule: 'department', level: [...there, ...everywhere] };
  if (scope?.kind === 'gateway') {
    const own = there.filter(({ group }) => group === null);
    if (own.length > 0) return { rule: 'own_binding', level: own };
    if (there.length > 0) return { rule: 'group_binding', level: there };
  }
  return { rule: 'everywhere', level: everywhere };
}

/** Oldest first, so that the same question names the same binding each time. */
export function inOrder(bindings: readonly ReachingBinding[]): ReachingBinding[] {
  return [...bindings].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isAllow({ effect }: ReachingBinding): boolean {
  return effect === 'allow';
}
