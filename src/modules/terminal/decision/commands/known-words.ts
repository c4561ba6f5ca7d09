import type { AllowAnswer } from '../rules/allow-answer.js';
import type { TerminalRule } from '../rules/rule.js';
import type { SafetyEntry } from '../safety/safety-entry.js';

/** What the rules of one policy said, and from when until when they will say the same. */
export interface Said<Answer> {
  readonly rules: number;
  readonly from: number;
  readonly until: number;
  readonly answer: Answer;
}

/** An answer that may be that there is none. */
export interface Found<Thing> {
  readonly found: Thing | undefined;
}

/**
 * What was found out about the words of a command that comes again. All of it hangs on the words alone, wherever the
 * command stands, but for what rules said: that is kept for the policy that was asked last, by its number.
 */
export class KnownWords {
  /** The entry of the safety list that they fall under without any redirection. */
  unsafe: Found<SafetyEntry> | undefined = undefined;
  /** The private place they name. */
  privatePlace: Found<string> | undefined = undefined;
  /** The rule that could be suggested for them. */
  suggestion: Found<string> | undefined = undefined;
  /** They make the program run nothing else, whatever it is given to read. */
  runsNothing = false;
  allowed: Said<AllowAnswer> | undefined = undefined;
  blocked: Said<TerminalRule | undefined> | undefined = undefined;
}
