export const MAX_SEGMENTS = 50;

export interface FoundRedirect {
  /** As in the text; `<<` carries the body of a here-document. */
  readonly operator: string;
  readonly target: string;
}

/** A command found anywhere in what is judged, its words without quotes. Expansions stand as they were written. */
export interface FoundCommand {
  readonly argv: readonly string[];
  readonly redirects: readonly FoundRedirect[];
  /** The stages of the pipeline it belongs to, itself included, in order. */
  readonly pipeline?: readonly FoundCommand[];
  /** The command whose words its output becomes. */
  readonly feeds?: FoundCommand;
  /** The function in whose body it stands. */
  readonly definition?: string;
  /** The command that runs it: `sudo`, `xargs`, `bash -c`. */
  readonly runBy?: FoundCommand;
}

/** The program's own name: without directories and in lower case, since some file systems do not tell cases apart. */
export function programOf(name: string): string {
  const slash = name.lastIndexOf('/');
  const base = (slash === -1 ? name : name.slice(slash + 1)).toLowerCase();
  return base.endsWith('.exe') ? base.slice(0, -4) : base;
}
