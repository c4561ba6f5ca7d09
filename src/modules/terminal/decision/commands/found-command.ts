import { signsOfArguments } from '../text/signs.js';
import type { KnownWords } from './known-words.js';
import { programCalled, type Program } from './program.js';

export const MAX_SEGMENTS = 50;
export const TOO_MANY = `It has more than ${MAX_SEGMENTS} commands; run it in parts.`;

export interface FoundRedirect {
  /** As in the text; `<<` carries the body of a here-document. */
  readonly operator: string;
  readonly target: string;
}

/** Where a command stands among others. */
export interface Surroundings {
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
}

/**
 * A command found anywhere in what is judged, its words without quotes. Expansions stand as they were written. Made in
 * one place only, so that all of them look the same to the engine: everything that follows reads them.
 */
export class FoundCommand implements Surroundings {
  /** Nothing is known of a command without words, which only redirects. */
  readonly program: Program | undefined;
  readonly pipeline: readonly FoundCommand[] | undefined;
  readonly feeds: FoundCommand | undefined;
  readonly definition: string | undefined;
  readonly inBackground: boolean;
  readonly subshell: object | undefined;

  constructor(
    readonly argv: readonly string[],
    /** What may be in its arguments and in the names of the files it is redirected to; rather too much. */
    readonly signs: number,
    readonly redirects: readonly FoundRedirect[],
    /** Values of variables and aliases that programs take commands from: `PAGER=…`. */
    readonly handed: readonly string[],
    { pipeline, feeds, definition, inBackground, subshell }: Surroundings,
    /** The command that runs it: `sudo`, `xargs`, `bash -c`. */
    readonly runBy: FoundCommand | undefined,
    /** Kept for words that come again. */
    public known: KnownWords | undefined = undefined,
  ) {
    this.program = argv.length === 0 ? undefined : programCalled(argv[0]);
    this.pipeline = pipeline;
    this.feeds = feeds;
    this.definition = definition;
    this.inBackground = inBackground;
    this.subshell = subshell;
  }
}

export const NO_REDIRECTS: readonly FoundRedirect[] = [];
export const NOTHING_HANDED: readonly string[] = [];
export const NOWHERE = inPipeline(undefined);

function inPipeline(pipeline: readonly FoundCommand[] | undefined): Surroundings {
  return { pipeline, feeds: undefined, definition: undefined, inBackground: false, subshell: undefined };
}

/** A command that stands alone. */
export function commandAlone(argv: readonly string[]): FoundCommand {
  const signs = signsOfArguments(argv);
  return new FoundCommand(argv, signs, NO_REDIRECTS, NOTHING_HANDED, NOWHERE, undefined);
}

/** A command that another one runs, at the same place; the signs are known where its words are among those of the other. */
export function commandRunBy(
  runBy: FoundCommand,
  argv: readonly string[],
  signs = signsOfArguments(argv),
): FoundCommand {
  return new FoundCommand(argv, signs, NO_REDIRECTS, NOTHING_HANDED, runBy, runBy);
}

/** A command and those that run it, from the inside out. */
export function* runners(command: FoundCommand): Generator<FoundCommand> {
  for (let one: FoundCommand | undefined = command; one !== undefined; one = one.runBy) yield one;
}

/** Which stage of a pipeline a command is, itself or by what runs it; -1 for none. */
export function stageIn(pipeline: readonly FoundCommand[], command: FoundCommand): number {
  for (const one of runners(command)) {
    const at = pipeline.indexOf(one);
    if (at !== -1) return at;
  }
  return -1;
}

/** The command that stands in the text, of which this one is run in turn. */
export function outermost(command: FoundCommand): FoundCommand {
  return command.runBy === undefined ? command : outermost(command.runBy);
}
