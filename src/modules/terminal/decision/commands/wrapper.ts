/**
 * A program that runs what its arguments say. Described generously: the description serves to find commands that must
 * be blocked, never to allow one, so it is better to see a command too many.
 */
export interface Wrapper {
  /** Names, separated by blanks. */
  readonly programs: string;
  /** Only with these words first: `docker exec`, `git bisect run`. */
  readonly after?: string;
  /** Options that take the next argument with them. */
  readonly values?: string;
  /** Words of its own before the command starts: the duration of `timeout`, the host of `ssh`. */
  readonly operands?: number;
  /**
   * The command is given as arguments (`sudo ls`), as text for a shell (`watch 'ls'`), only by an option, somewhere
   * among the arguments (`tmux new -d ls`), inside text that is none for a shell (`perl -e 'system("ls")'`), or as only
   * `find` (`actions`), `fd` (`found`) and `trap` (`signal`) take it.
   */
  readonly runs: 'arguments' | 'text' | 'option' | 'somewhere' | 'inside' | 'actions' | 'found' | 'signal';
  /** With `inside`: only arguments in which this is found. */
  readonly where?: RegExp;
  /** With `where`: the signs without one of which it finds nothing. */
  readonly needs?: number;
  /** Options whose value is text for a shell: `-c` of `bash`. */
  readonly scripts?: string;
  /** Options whose value may be a setting that holds such text: `-o ProxyCommand=…` of `ssh`. */
  readonly settings?: string;
  /** The command ends here: `;` of `find -exec`, `:::` of `parallel`. */
  readonly until?: string;
  /** Reads a script from its input when nothing else is given. */
  readonly readsInput?: boolean;
}
