import type { TerminalRule } from './rule.js';

/** What the rules say about a command: the rule that allows it, else the one whose guard did not let it pass, if any. */
export interface AllowAnswer {
  readonly allowed: TerminalRule | undefined;
  readonly matched: TerminalRule | undefined;
  readonly because: string | undefined;
}
