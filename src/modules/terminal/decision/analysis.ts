import { addInnerCommands } from './commands/inner-commands.js';
import { commandAlone, MAX_SEGMENTS, type FoundCommand } from './commands/found-command.js';
import { addOtherNames, addRewritten } from './commands/rewritten-commands.js';
import type { CommandForm } from './request.js';
import { readAlike } from './text/agreement.js';
import { printOfOrdinary, screenArguments, screenText } from './text/byte-screen.js';
import { findCommands, NotAnalysable } from './text/found-commands.js';
import { type LiteralSegment, type NotLiteral, notLiteral, readLiteralText } from './text/literal-text.js';
import { parseScript, TOO_COMPLEX } from './text/script.js';

/** What a command consists of. It depends on the command alone, not on who asks or which rules there are. */
export type Analysis = NotAnalysed | Analysed;

interface NotAnalysed {
  readonly fault: string;
}

export interface Analysed {
  readonly fault: undefined;
  /** Every command found anywhere, those that run others and those they run; the first ones are those of `literal`. */
  readonly found: readonly FoundCommand[];
  /** How many of them run just as they stand; none when the whole is not literal. */
  readonly literal: number;
  /** Why the whole is not literal. */
  readonly notLiteral: NotLiteral | undefined;
}

/**
 * Texts come again and again, and what they consist of is always the same. A short text that comes the second time is
 * remembered at the place its print points to, where another one takes its turn later: little is kept whoever asks.
 */
const PLACES = 2_048;
const LONGEST_REMEMBERED = 300;
/** Characters of all words: what is filled in can make much of a short text. */
const MOST_REMEMBERED = 4_000;
const remembered = new Array<{ readonly text: string; readonly analysis: Analysed } | undefined>(PLACES).fill(
  undefined,
);
/** Prints of texts that came once. Two texts with one print only mean that one is remembered a little sooner. */
const seenOnce = new Int32Array(PLACES);

export function analyse(command: CommandForm): Analysis {
  const { text } = command;
  if (text === undefined || text.length > LONGEST_REMEMBERED) return analyseAnew(command);
  const print = printOfOrdinary(text);
  if (print === undefined) return analyseAnew(command);
  const place = print & (PLACES - 1);
  const known = remembered[place];
  if (known !== undefined && known.text === text) return known.analysis;
  const analysis = analyseAnew(command, true);
  if (analysis.fault !== undefined) return analysis;
  if (seenOnce[place] !== print) seenOnce[place] = print;
  else if (isSmall(analysis)) remembered[place] = { text, analysis };
  return analysis;
}

function isSmall({ found }: Analysed): boolean {
  let size = 0;
  for (const { argv } of found) for (const word of argv) size += word.length + 1;
  return size <= MOST_REMEMBERED;
}

/** Without what is remembered; the tests compare the two. */
export function analyseAnew(command: CommandForm, isScreened = false): Analysis {
  try {
    return command.argv === undefined ? ofText(command.text, isScreened) : ofArguments(command.argv);
  } catch (error) {
    if (error instanceof NotAnalysable) return { fault: error.message };
    // The parser's recursion, or ours over its tree, has left no stack.
    if (error instanceof RangeError) return { fault: TOO_COMPLEX };
    throw error;
  }
}

function ofArguments(argv: readonly string[]): Analysis {
  const fault = screenArguments(argv);
  return fault === undefined ? analysed([commandAlone(argv)], 1) : { fault };
}

function ofText(text: string, isScreened: boolean): Analysis {
  const unseen = isScreened ? undefined : screenText(text);
  if (unseen !== undefined) return { fault: unseen };
  const parsed = parseScript(text);
  if (parsed.fault !== undefined) return { fault: parsed.fault };
  const { script } = parsed;
  if (script.commands.length === 0) return { fault: 'There is no command in it.' };
  const read = readLiteralText(text);
  if (!Array.isArray(read)) return analysed(findCommands(script), 0, read);
  if (read.length > MAX_SEGMENTS)
    return { fault: `It has more than ${MAX_SEGMENTS} commands; run it in parts.` };
  if (!readAlike(script, read)) return analysed(findCommands(script), 0, notLiteral('compound'));
  return analysed(foundIn(read), read.length);
}

function analysed(found: FoundCommand[], literal: number, why?: NotLiteral): Analysed {
  const { length } = found;
  addOtherNames(found);
  addInnerCommands(found);
  addOtherNames(found, length);
  addRewritten(found);
  return { fault: undefined, found, literal, notLiteral: why };
}

/** Literal commands as the loose pass wants them. Which of them are connected by a pipe only matters with more than one. */
function foundIn(segments: readonly LiteralSegment[]): FoundCommand[] {
  if (segments.length === 1) return [commandAlone(segments[0].argv, segments[0].signs)];
  const found: FoundCommand[] = [];
  let pipeline: FoundCommand[] = [];
  for (let index = 0; index < segments.length; index++) {
    if (index > 0 && !segments[index - 1].isPiped) pipeline = [];
    const command = commandAlone(segments[index].argv, segments[index].signs, pipeline);
    pipeline.push(command);
    found.push(command);
  }
  return found;
}
