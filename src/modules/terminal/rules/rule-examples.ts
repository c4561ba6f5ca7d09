import { type FieldError, ValidationFailed } from '../../../kernel/problem/index.js';
import { faultsOfRule } from '../decision/index.js';
import { ruleFor } from './compiled.js';
import type { TerminalRule } from './terminal-rule.entity.js';

/**
 * A rule says what it is for by examples, and is not kept when it does not do that: before it is saved is the last moment
 * at which a slip costs nothing.
 *
 * @param at JSON Pointer to the rule in the body
 * @throws ValidationFailed naming the pattern, or each example that does not hold
 */
export function requireExamplesHold(rule: TerminalRule, at = ''): void {
  const { effect, match, notMatch } = rule;
  const [checked] = ruleFor({ ...rule, pins: [] });
  const faults = faultsOfRule(effect, checked, { match, notMatch });
  if (faults.length === 0) return;
  throw new ValidationFailed(
    faults.map(({ field, index, message }): FieldError => ({
      in: 'body',
      pointer: index === undefined ? `${at}/${field}` : `${at}/${field}/${index}`,
      code: field === 'pattern' ? 'rule_pattern' : 'rule_example',
      message,
    })),
  );
}
