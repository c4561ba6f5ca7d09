export type RuleEffect = 'allow' | 'block';

/** A file the program must be, checked again right before it runs. */
export interface ExecutablePin {
  readonly path: string;
  readonly sha256: string;
}

/** What a rule adds to what the guard of its program lets pass. */
export interface GuardOptions {
  /** Subcommands covered besides what the pattern says: `docker` with `["logs", "container inspect"]`. */
  readonly subcommands?: readonly string[];
  /** Arguments accepted exactly as they are written here. */
  readonly arguments?: readonly string[];
}

export interface TerminalRule {
  readonly id: string;
  /** The first words of the commands it is about, written as in a shell: `git push`, `npm run "my script"`. */
  readonly pattern: string;
  readonly options?: GuardOptions;
  readonly pin?: ExecutablePin;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Why it exists; told to whoever a block rule stops. */
  readonly reason?: string;
}

/** The rules that reach a principal, by who owns them. */
export interface RuleLists {
  readonly user?: readonly TerminalRule[];
  readonly department?: readonly TerminalRule[];
  readonly gateway?: readonly TerminalRule[];
  readonly global?: readonly TerminalRule[];
}
