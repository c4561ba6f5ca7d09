import {
  commandsBeside,
  FoundCommand,
  NOTHING_HANDED,
  type FoundRedirect,
  type SimpleCommand,
  type Surroundings,
} from '../commands/found-command.js';

export interface PlainCommand extends SimpleCommand {
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

/** The commands of a plain text in the order in which a search through the parser's tree would find them. */
export function commandsOf(plain: PlainText, runBy?: FoundCommand): FoundCommand[] {
  // Only what is not literal has more than words in it.
  if (plain.notLiteral === undefined) return commandsBeside(plain.commands, runBy);
  const found: FoundCommand[] = [];
  addCommandsOf(plain, runBy, undefined, found);
  return found;
}

function addCommandsOf(
  plain: PlainText,
  runBy: FoundCommand | undefined,
  /** The command whose words the output of these becomes. */
  feeds: FoundCommand | undefined,
  found: FoundCommand[],
): void {
  // A substitution is a shell of its own, told from others by being another object.
  const subshell = feeds === undefined ? undefined : {};
  let pipeline: FoundCommand[] | undefined;
  let wasPiped = false;
  for (const { argv, signs, isPiped, known, redirects, substituted } of plain.commands) {
    if (!wasPiped) pipeline = isPiped ? [] : undefined;
    wasPiped = isPiped;
    const place: Surroundings = { pipeline, feeds, definition: undefined, inBackground: false, subshell };
    const command = new FoundCommand(argv, signs, redirects, NOTHING_HANDED, place, runBy, known);
    pipeline?.push(command);
    found.push(command);
    for (const script of substituted) addCommandsOf(script, runBy, command, found);
  }
}
