import {
  FoundCommand,
  MAX_SEGMENTS,
  NO_REDIRECTS,
  NOTHING_HANDED,
  NOWHERE,
  TOO_MANY,
  type FoundRedirect,
} from '../commands/found-command.js';
import type { KnownWords } from '../commands/known-words.js';
import { NotAnalysable } from './found-commands.js';

/** A command as it stands beside others in a text. */
export interface PlainCommand {
  readonly argv: readonly string[];
  readonly signs: number;
  /** Its output goes to the next one. */
  readonly isPiped: boolean;
  readonly known: KnownWords | undefined;
  /** Where its input and output go, if anywhere. */
  readonly redirects: readonly FoundRedirect[];
  /** The scripts whose output becomes its words. */
  readonly substituted: readonly PlainText[];
}

export interface PlainText {
  readonly commands: readonly PlainCommand[];
  /** The first thing in it that no literal text may have, if any. Then nothing in it can be allowed by a rule. */
  readonly notLiteral: 'brace' | 'redirect' | 'substitution' | undefined;
}

export const NOTHING_SUBSTITUTED: readonly PlainText[] = [];

/**
 * The commands of a plain text in the order in which a search through the parser's tree would find them; another command
 * may be given to run them.
 *
 * @throws NotAnalysable when there are too many
 */
export function commandsOf(commands: readonly PlainCommand[], runBy?: FoundCommand): FoundCommand[] {
  const found: FoundCommand[] = [];
  addCommands(commands, runBy, undefined, found);
  if (found.length > MAX_SEGMENTS) throw new NotAnalysable(TOO_MANY);
  return found;
}

/** The same for commands with nothing but words. */
export function commandsBeside(
  simple: readonly Pick<PlainCommand, 'argv' | 'signs' | 'isPiped'>[],
): FoundCommand[] {
  return commandsOf(
    simple.map(({ argv, signs, isPiped }) => ({
      argv,
      signs,
      isPiped,
      known: undefined,
      redirects: NO_REDIRECTS,
      substituted: NOTHING_SUBSTITUTED,
    })),
  );
}

function addCommands(
  commands: readonly PlainCommand[],
  runBy: FoundCommand | undefined,
  /** The command whose words the output of these becomes. */
  feeds: FoundCommand | undefined,
  found: FoundCommand[],
): void {
  // A substitution is a shell of its own, told from others by being another object.
  const subshell = feeds === undefined ? undefined : {};
  const alone = feeds === undefined ? NOWHERE : { ...NOWHERE, feeds, subshell };
  let pipeline: FoundCommand[] | undefined;
  let wasPiped = false;
  for (const { argv, signs, isPiped, known, redirects, substituted } of commands) {
    if (!wasPiped) pipeline = isPiped ? [] : undefined;
    wasPiped = isPiped;
    const place = pipeline === undefined ? alone : { ...alone, pipeline };
    const command = new FoundCommand(argv, signs, redirects, NOTHING_HANDED, place, runBy, known);
    pipeline?.push(command);
    found.push(command);
    for (const script of substituted) addCommands(script.commands, runBy, command, found);
  }
}
