import { programCalled, type Program } from './program.js';

export const MAX_SEGMENTS = 50;

export interface FoundRedirect {
  /** As in the text; `<<` carries the body of a here-document. */
  readonly operator: string;
  readonly target: string;
}

/** A command found anywhere in what is judged, its words without quotes. Expansions stand as they were written. */
export interface FoundCommand {
  readonly argv: readonly string[];
  /** Nothing is known of a command without words, which only redirects. */
  readonly program: Program | undefined;
  readonly redirects: readonly FoundRedirect[];
  /** Values of variables and aliases that programs take commands from: `PAGER=…`. */
  readonly handed: readonly string[];
  /** The stages of the pipeline it belongs to, itself included, in order. */
  readonly pipeline: readonly FoundCommand[] | undefined;
  /** The command whose words its output becomes. */
  readonly feeds: FoundCommand | undefined;
  /** The function in whose body it stands. */
  readonly definition: string | undefined;
  /** It is left running, itself or with what surrounds it. */
  readonly inBackground: boolean;
  /** The subshell it stands in, if any: where that changes to is forgotten at its end. */
  readonly subshell: object | undefined;
  /** The command that runs it: `sudo`, `xargs`, `bash -c`. */
  readonly runBy: FoundCommand | undefined;
}

const NO_REDIRECTS: readonly FoundRedirect[] = [];
const NOTHING: readonly string[] = [];

/** A command that stands alone, or beside others. */
export function commandAlone(argv: readonly string[], pipeline?: readonly FoundCommand[]): FoundCommand {
  return {
    argv,
    program: programCalled(argv[0]),
    redirects: NO_REDIRECTS,
    handed: NOTHING,
    pipeline,
    feeds: undefined,
    definition: undefined,
    inBackground: false,
    subshell: undefined,
    runBy: undefined,
  };
}

/** A command that another one runs, at the same place. */
export function commandRunBy(runBy: FoundCommand, argv: readonly string[]): FoundCommand {
  const { pipeline, feeds, definition, inBackground, subshell } = runBy;
  const program = programCalled(argv[0]);
  return {
    argv,
    program,
    redirects: NO_REDIRECTS,
    handed: NOTHING,
    pipeline,
    feeds,
    definition,
    inBackground,
    subshell,
    runBy,
  };
}

/** The command that stands in the text, of which this one is run in turn. */
export function outermost(command: FoundCommand): FoundCommand {
  return command.runBy === undefined ? command : outermost(command.runBy);
}
