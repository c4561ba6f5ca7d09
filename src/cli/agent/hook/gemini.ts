import { resolve } from 'node:path';
import { textIn } from '../api.js';
import type { Dialect } from './decision.js';
import { isAbout, shellQuestion, toolInputOf } from './hook-input.js';

/**
 * https://geminicli.com/docs/hooks/reference, event BeforeTool. The reference knows `allow` and `deny`; versions since
 * March 2026 take `ask` as well (google-gemini/gemini-cli#21146), and older ones would run what they are to ask about.
 *
 * @param canAsk the version does
 */
export function gemini(canAsk: boolean): Dialect {
  return {
    questionIn(input) {
      if (!isAbout('run_shell_command', input)) return null;
      const question = shellQuestion(input);
      const parameters = toolInputOf(input);
      // Relative to the project; the parameter had another name before.
      const directory = textIn(parameters, 'dir_path') ?? textIn(parameters, 'directory') ?? '';
      return { ...question, cwd: resolve(question.cwd, directory) };
    },
    answer({ kind, reason }) {
      if (kind === 'allow') return JSON.stringify({ decision: 'allow' });
      if (kind === 'ask' && canAsk) return JSON.stringify({ decision: 'ask', reason, systemMessage: reason });
      if (kind === 'deny') return JSON.stringify({ decision: 'deny', reason });
      const how = 'The person may run it in a terminal of theirs with reeve run, or allow it by a rule.';
      return JSON.stringify({ decision: 'deny', reason: `${reason} ${how}` });
    },
  };
}
