import { claudeCode, preToolUse } from './claude-code.js';
import type { Dialect } from './decision.js';

/**
 * https://developers.openai.com/codex/hooks, event PreToolUse. Codex asks like Claude Code, but the only decision it
 * takes is `deny`: it calls `allow` and `ask` an error of the hook, and then runs the command. So allowing is silence,
 * and what a person has to confirm is refused with words that say how.
 */
export const codex: Dialect = {
  questionIn: (input) => claudeCode.questionIn(input),
  answer({ kind, reason }) {
    if (kind === 'allow') return '';
    if (kind === 'deny') return preToolUse('deny', reason);
    return preToolUse(
      'deny',
      `${reason} Codex cannot ask from a hook: the person may run it in a terminal of theirs with reeve run, or allow it by a rule.`,
    );
  },
};
