import { isRecord, textIn } from '../api.js';
import { printable } from '../printed.js';
import type { Decision, Dialect } from './decision.js';
import { isAbout, shellQuestion } from './hook-input.js';

/** Modes in which somebody sees a prompt; without a word about a mode it is the usual one. */
const ASKING: readonly unknown[] = [undefined, 'default', 'acceptEdits', 'plan'];

/**
 * https://code.claude.com/docs/en/hooks, event PreToolUse. In its other modes Claude Code runs what it is told to ask about
 * (anthropics/claude-code#89561 and #77212), so there it is refused, as it is in modes that nobody knows yet, and when the
 * question is unreadable and may come from any of them.
 */
export const claudeCode: Dialect = {
  questionIn(input) {
    return isAbout('Bash', input) ? shellQuestion(input) : null;
  },
  answer({ kind, reason }, input) {
    if (kind !== 'ask') return preToolUse(kind, reason);
    if (!isRecord(input) || textIn(input, 'tool_name') === undefined) return preToolUse('deny', reason);
    const { permission_mode: mode } = input;
    if (ASKING.includes(mode)) return preToolUse(kind, reason);
    return preToolUse(
      'deny',
      `${reason} Claude Code asks nobody in the mode ${printable(String(mode))}: the person may run it in a terminal of theirs with reeve run, allow it by a rule, or choose a mode that asks.`,
    );
  },
};

export function preToolUse(permissionDecision: Decision['kind'], permissionDecisionReason: string): string {
  return JSON.stringify({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason },
  });
}
