import {
  type CompiledPolicy,
  compilePolicy,
  type RuleLists,
  type TerminalRule as Rule,
} from '../decision/index.js';
import type { RuleEffect, TerminalRule } from './terminal-rule.entity.js';

/** The rules that reach somebody, ready to be asked. */
export function compiled(rules: readonly TerminalRule[]): CompiledPolicy {
  return compilePolicy({ allow: listsOf(rules, 'allow'), block: listsOf(rules, 'block') });
}

/** The same with one more rule that allows what begins with these words. */
export function compiledWith(
  rules: readonly TerminalRule[],
  { id, pattern }: { readonly id: string; readonly pattern: string },
): CompiledPolicy {
  const { user = [], ...others } = listsOf(rules, 'allow');
  return compilePolicy({
    allow: { ...others, user: [...user, { id, pattern }] },
    block: listsOf(rules, 'block'),
  });
}

/** Blanks and case do not make another block rule; allow rules are told apart by case. */
export function patternKey(pattern: string, effect: RuleEffect): string {
  const words = pattern.trim().replace(/\s+/g, ' ');
  return effect === 'block' ? words.toLowerCase() : words;
}

/** One rule as the decision knows it, once for each file that its first word may stand for. */
export function ruleFor({ id, pattern, options, pins, expiresAt, reason }: TerminalRule): Rule[] {
  const rule: Rule = { id, pattern, options, expiresAt: expiresAt?.getTime(), reason: reason ?? undefined };
  return pins.length === 0 ? [rule] : pins.map((pin) => ({ ...rule, pin }));
}

function listsOf(rules: readonly TerminalRule[], effect: RuleEffect): RuleLists {
  const lists = { user: [] as Rule[], department: [] as Rule[], gateway: [] as Rule[], global: [] as Rule[] };
  for (const rule of rules) if (rule.effect === effect) lists[rule.ownerScope].push(...ruleFor(rule));
  return lists;
}
