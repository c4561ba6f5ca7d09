import { AllowRules } from './rules/allow-rules.js';
import { BlockRules } from './rules/block-rules.js';
import type { RuleLists, TerminalRule } from './rules/rule.js';
import { policyVersionOf } from './policy-version.js';

/** The rules that reach one principal, ready to be asked. Compile it once and drop it when one of them changes. */
export interface CompiledPolicy {
  readonly allow: AllowRules;
  readonly block: BlockRules;
  /** Names the safety list and the block rules: what a vote on a command rests on. */
  readonly policyVersion: string;
}

export function compilePolicy(rules: {
  readonly allow: RuleLists;
  readonly block: RuleLists;
}): CompiledPolicy {
  const block = inOrder(rules.block);
  return {
    // The nearest owner first: with equal patterns that is the rule that is named as the reason.
    allow: new AllowRules(inOrder(rules.allow)),
    block: new BlockRules(block),
    policyVersion: policyVersionOf(block),
  };
}

function inOrder({
  user = [],
  department = [],
  gateway = [],
  global = [],
}: RuleLists): readonly TerminalRule[] {
  return [...user, ...department, ...gateway, ...global];
}
