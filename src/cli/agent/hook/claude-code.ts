import { isRecord, textIn } from '../api.js';
import type { Decision, Dialect } from './decision.js';
import { shellQuestion } from './hook-input.js';

/** https://code.claude.com/docs/en/hooks, event PreToolUse. */
export const claudeCode: Dialect = {
  questionIn(input) {
    if (!isRecord(input) || textIn(input, 'tool_name') !== 'Bash') return null;
    return shellQuestion(input, input.tool_input);
  },
  answer({ kind, reason }) {
    return preToolUse(kind, reason);
  },
};

export function preToolUse(permissionDecision: Decision['kind'], permissionDecisionReason: string): string {
  return JSON.stringify({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason },
  });
}
