import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../kernel/crypto/index.js';
import type { TerminalRule } from './rules/rule.js';
import { SAFETY_LIST } from './safety/safety-list.js';

const safetyList = JSON.stringify(SAFETY_LIST, (_key, value: unknown) =>
  value instanceof RegExp ? String(value) : value,
);

/**
 * The hash of what can refuse a command: the safety list and the block rules, in whatever order they come. Allow rules
 * are left out on purpose: if they counted, any member could void every pending vote by adding one.
 */
export function policyVersionOf(block: readonly TerminalRule[]): string {
  const rules = block
    .map(({ id, pattern, expiresAt = null }) =>
      canonicalJson({ id, pattern: pattern.toLowerCase(), expiresAt }),
    )
    .sort();
  return createHash('sha256').update(canonicalJson({ safetyList, rules })).digest('hex');
}
