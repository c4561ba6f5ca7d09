import { addInnerCommands, mayRunOthers } from './commands/inner-commands.js';
import { MAX_SEGMENTS, programOf, type FoundCommand } from './commands/found-command.js';
import type { CommandForm } from './request.js';
import { readAlike } from './text/agreement.js';
import { screenArguments, screenText } from './text/byte-screen.js';
import { findCommands, NotAnalysable } from './text/found-commands.js';
import { type LiteralSegment, type NotLiteral, notLiteral, readLiteralText } from './text/literal-text.js';
import { parseScript, TOO_COMPLEX } from './text/script.js';

/** What a command consists of. It depends on the command alone, not on who asks or which rules there are. */
export type Analysis =
  | { readonly fault: string }
  | {
      readonly fault?: undefined;
      /** Every command found anywhere, those that run others and those they run. */
      readonly found: readonly FoundCommand[];
      /** The commands that run as they stand, when the whole is literal. */
      readonly literal: readonly (readonly string[])[];
      /** Why the whole is not literal. */
      readonly notLiteral?: NotLiteral;
    };

export function analyse(command: CommandForm): Analysis {
  try {
    return command.argv === undefined ? ofText(command.text) : ofArguments(command.argv);
  } catch (error) {
    if (error instanceof NotAnalysable) return { fault: error.message };
    // The parser's recursion, or ours over its tree, has left no stack.
    if (error instanceof RangeError) return { fault: TOO_COMPLEX };
    throw error;
  }
}

function ofArguments(argv: readonly string[]): Analysis {
  const fault = screenArguments(argv);
  if (fault !== undefined) return { fault };
  return { found: withInner([{ argv, redirects: [] }]), literal: [argv] };
}

function ofText(text: string): Analysis {
  const unseen = screenText(text);
  if (unseen !== undefined) return { fault: unseen };
  const { script, fault } = parsed(text);
  if (fault !== undefined) return { fault };
  if (script.commands.length === 0) return { fault: 'There is no command in it.' };
  const read = readLiteralText(text);
  if (Array.isArray(read)) {
    if (read.length > MAX_SEGMENTS)
      return { fault: `It has more than ${MAX_SEGMENTS} commands; run it in parts.` };
    if (readAlike(script, read)) return { found: withInner(foundIn(read, text)), literal: read.map(argvOf) };
  }
  const found = findCommands(script);
  return {
    found: withInner(found),
    literal: [],
    notLiteral: Array.isArray(read) ? notLiteral('compound') : read,
  };
}

function parsed(
  text: string,
):
  | { script: NonNullable<ReturnType<typeof scriptOf>>; fault?: undefined }
  | { script?: undefined; fault: string } {
  const outcome = parseScript(text);
  return outcome.fault === undefined ? { script: outcome.script } : { fault: outcome.fault };
}

function scriptOf(outcome: ReturnType<typeof parseScript>) {
  return outcome.fault === undefined ? outcome.script : undefined;
}

function argvOf({ argv }: LiteralSegment): readonly string[] {
  return argv;
}

const NO_REDIRECTS: readonly never[] = [];

/** Literal commands as the loose pass wants them. Which of them are connected by a pipe only matters with more than one. */
function foundIn(segments: readonly LiteralSegment[], text: string): FoundCommand[] {
  if (segments.length === 1) return [{ argv: segments[0].argv, redirects: NO_REDIRECTS }];
  const found: FoundCommand[] = [];
  let pipeline: FoundCommand[] = [];
  for (const [index, { argv, words }] of segments.entries()) {
    const before = index === 0 ? '' : text.slice(endOf(segments[index - 1]), words[0].start);
    if (!/^[^|]*\|[^|]*$/.test(before)) pipeline = [];
    const command: FoundCommand = { argv, redirects: NO_REDIRECTS, pipeline };
    pipeline.push(command);
    found.push(command);
  }
  return found;
}

function endOf({ words }: LiteralSegment): number {
  return words[words.length - 1].end;
}

function withInner(found: FoundCommand[]): FoundCommand[] {
  for (const { argv } of found)
    if (
      argv.length > 1 ? mayRunOthers(programOf(argv[0])) : argv.length > 0 && mayRunOthers(programOf(argv[0]))
    ) {
      addInnerCommands(found);
      break;
    }
  return found;
}
