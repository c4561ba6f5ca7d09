/** What a hook tells its agent. */
export interface Decision {
  readonly kind: 'allow' | 'ask' | 'deny';
  /** For the person, and for the model when it is refused. */
  readonly reason: string;
}

/** A shell command that an agent is about to run. */
export interface Question {
  readonly command: string;
  readonly cwd: string;
  readonly sessionId: string;
}

/** How one agent asks and wants to be answered. */
export interface Dialect {
  /** Null for what is no shell command: then the hook has no opinion. @throws Failure for what cannot be read */
  questionIn(input: unknown): Question | null;
  /**
   * What goes to standard output; nothing says nothing against it.
   *
   * @param input as far as it has come
   */
  answer(decision: Decision, input: unknown): string;
}
