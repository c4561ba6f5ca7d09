/** What is refused whoever asks and whatever a rule says. Its conditions are data; all that are given must hold. */
export interface SafetyEntry {
  /** Stable: it is the `code` of the reason, after `safety:`. */
  readonly id: string;
  readonly explanation: string;
  readonly conditions: readonly SafetyCondition[];
  /** Commands it must catch, and near ones it must leave alone; a test holds every entry to them. */
  readonly match: readonly string[];
  readonly notMatch: readonly string[];
}

export interface SafetyCondition {
  /** Names separated by blanks; without it, any program. A name may end in `*`. */
  readonly programs?: string;
  /** Each line is one option in all its spellings; all lines must be there. */
  readonly options?: readonly string[];
  /** Some argument that is no option; paths are tidied first (`//`, `/./`, a slash at the end). */
  readonly operand?: RegExp;
  /** Some argument, options included. */
  readonly argument?: RegExp;
  /** An option whose value is not looked at: a key that is used is not read out. */
  readonly exceptAfter?: string;
  /**
   * What is looked at: the last operand is where `cp` writes; the first one of `grep` is no file but what it seeks; the
   * first argument of `kill` is a signal.
   */
  readonly among?: 'last' | 'files' | 'later';
  /** An argument beside which it is something else: `find -name` finds a part only. */
  readonly unless?: RegExp;
  /** The file that output is redirected to. */
  readonly writes?: RegExp;
  /** The file that input is redirected from. */
  readonly reads?: RegExp;
  /** Text that is handed over as a here-document or a here-string. */
  readonly fed?: RegExp;
  /** What a pattern over words cannot say. */
  readonly shape?: 'download-into-shell' | 'calls-itself';
}
