import type { Permission, PermissionScope } from '../../../kernel/access/index.js';
import { contributes, isLive, isSameScope, type Reach, type ReachingBinding, scopeText } from './reach.js';
import { decide, inOrder, type Verdict } from './verdict.js';

export interface Considered {
  readonly bindingId: string | null;
  readonly effect: 'allow' | 'deny';
  readonly role: string;
  readonly scope: string;
  readonly via: string;
  readonly decisive: boolean;
  readonly because: string;
}

export interface Explanation {
  readonly verdict: Verdict;
  readonly because: string;
  readonly considered: Considered[];
}

interface Question {
  readonly reach: Reach;
  readonly permission: Permission;
  readonly scope: PermissionScope | null;
  readonly nowMs: number;
}

/** Names every binding that bears on the question, expired ones as well, and says in words what each meant for the answer. */
export function explain(question: Question): Explanation {
  const { reach, permission, scope, nowMs } = question;
  const verdict = decide(reach, permission, scope, nowMs);
  const bearing = inOrder(reach.bindings).filter(
    (binding) => binding.scope === null || isSameScope(binding.scope, scope),
  );
  const considered = bearing.map((binding) => ({
    bindingId: binding.id,
    effect: binding.effect,
    role: binding.role.name,
    scope: scopeText(binding.scope),
    via: binding.group === null ? 'own' : `group:${binding.group.id}`,
    decisive: binding === verdict.decisive,
    because: `${origin(binding)} ${meaning(binding, question, verdict)}`,
  }));
  return {
    verdict,
    because: summary(question, verdict),
    considered: [...considered, baseline(question, verdict)],
  };
}

/** The answer in one sentence. */
export function summary(
  { permission: { name }, scope }: Question,
  { allowed, rule, decisive }: Verdict,
): string {
  const role = decisive === null ? '' : decisive.role.name;
  const place = placeText(scope);
  switch (rule) {
    case 'denied':
      return `A denial of the role ${role} contains ${name}, and a denial wins over everything.`;
    case 'own_binding':
      return allowed
        ? `An own binding ${place} gives the role ${role}, which contains ${name}.`
        : `The own bindings ${place} decide there, and none of their roles contains ${name}.`;
    case 'group_binding':
      return allowed
        ? `A group has the role ${role} ${place}, which contains ${name}.`
        : `The bindings of groups ${place} decide there, and none of their roles contains ${name}.`;
    case 'department':
      return `In a department everything adds up, and the role ${role} contains ${name}.`;
    case 'everywhere':
      return `The role ${role}, held everywhere, contains ${name}.`;
    case 'member':
      return `Every member may do this, and nothing denies it.`;
    case 'nothing_allows':
      return `No binding that counts ${place} gives ${name}.`;
  }
}

function meaning(binding: ReachingBinding, { reach, permission, nowMs }: Question, verdict: Verdict): string {
  const { role, scope, effect } = binding;
  const contains = role.permissions.has(permission);
  if (!isLive(binding, nowMs))
    return `It ended at ${String(binding.expiresAt?.toISOString())} and does not count.`;
  if (effect === 'deny' && !contains) return `It denies other things, ${permission.name} is not among them.`;
  if (binding === verdict.decisive && effect === 'deny')
    return 'It denies this, and a denial wins over everything.';
  if (effect === 'deny') return 'It denies this as well.';
  if (scope?.kind === 'department' && !contributes(scope.id, reach.departments))
    return 'It gives nothing: the department is inactive, or the principal does not belong to it.';
  if (verdict.rule === 'denied')
    return contains ? 'It would allow this, but a denial wins.' : 'It does not contain it either.';
  if (!verdict.level.includes(binding))
    return 'It is not asked: a more specific binding decides on this gateway.';
  if (binding === verdict.decisive && contains) return 'It contains the permission, and its level decides.';
  if (contains) return 'It contains the permission as well.';
  return verdict.decisive === binding
    ? 'Its level decides, and does not contain the permission.'
    : 'It does not contain the permission.';
}

function baseline({ reach, permission }: Question, { rule }: Verdict): Considered {
  const { name, permissions } = reach.baseline;
  const contains = permissions.has(permission);
  const origin = `Everybody who is signed in has the role ${name}.`;
  return {
    bindingId: null,
    effect: 'allow',
    role: name,
    scope: 'global',
    via: 'everybody',
    decisive: rule === 'member',
    because: contains
      ? `${origin} It contains the permission.`
      : `${origin} It does not contain the permission.`,
  };
}

function origin({ role, effect, scope, group }: ReachingBinding): string {
  const whose = group === null ? 'An own binding' : `The group ${group.name}`;
  return `${whose} ${effect === 'allow' ? 'gives' : 'denies'} the role ${role.name} ${placeText(scope)}.`;
}

function placeText(scope: PermissionScope | null): string {
  return scope === null
    ? 'everywhere'
    : `${scope.kind === 'gateway' ? 'on the gateway' : 'in the department'} ${scope.id}`;
}
