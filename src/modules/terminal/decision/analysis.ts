import { addInnerCommands } from './commands/inner-commands.js';
import { commandAlone, type FoundCommand } from './commands/found-command.js';
import { KnownWords } from './commands/known-words.js';
import { addOtherNames, addRewritten } from './commands/rewritten-commands.js';
import type { CommandForm } from './request.js';
import { readAlike } from './text/agreement.js';
import { isOrdinary, screenArguments, screenText, type Survey, surveyOf } from './text/byte-screen.js';
import { findCommands, NotAnalysable } from './text/found-commands.js';
import { bytesOf } from './text/known-commands.js';
import { type NotLiteral, notLiteral, readLiteralText } from './text/literal-text.js';
import { Memory } from './text/memory.js';
import { commandsBeside, commandsOf } from './text/plain-commands.js';
import { readPlain } from './text/plain-text.js';
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

/** Texts come again and again, and what they consist of is always the same, whoever asks. */
const remembered = new Memory<Analysis>(8_192);
const LONGEST_REMEMBERED = 300;
/** What is filled in can make much of a short text. */
const MOST_BYTES_OF_ONE = 40_000;

export function analyse(command: CommandForm): Analysis {
  const { text } = command;
  if (text === undefined || text.length > LONGEST_REMEMBERED) return analyseAnew(command);
  const survey = surveyOf(text);
  if (!isOrdinary(survey)) return analyseAnew(command);
  const { print } = survey;
  const known = remembered.get(text, 0, text.length, print);
  if (known !== undefined) return known;
  const analysis = analyseAnew(command, survey);
  // How much is too complex may hang on how much of the stack is left.
  if (analysis.fault !== TOO_COMPLEX && remembered.isSeenAgain(print)) remember(text, print, analysis);
  return analysis;
}

function remember(text: string, print: number, analysis: Analysis): void {
  let bytes = text.length + 200;
  const found = analysis.fault === undefined ? analysis.found : NOTHING;
  for (const command of found) bytes += bytesOf(command);
  if (bytes > MOST_BYTES_OF_ONE) return;
  for (const command of found) command.known ??= new KnownWords();
  remembered.put(text, print, analysis, bytes);
}

const NOTHING: readonly FoundCommand[] = [];

/** Without what is remembered; the tests compare the two. */
export function analyseAnew(command: CommandForm, survey?: Survey): Analysis {
  try {
    return command.argv === undefined ? ofText(command.text, survey) : ofArguments(command.argv);
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

function ofText(text: string, survey?: Survey): Analysis {
  const unseen = survey === undefined ? screenText(text) : undefined;
  if (unseen !== undefined) return { fault: unseen };
  const plain = readPlain(text, survey?.kinds);
  if (plain === undefined) return readTwice(text);
  const found = commandsOf(plain.commands);
  const { notLiteral: why } = plain;
  return why === undefined ? analysed(found, found.length) : analysed(found, 0, notLiteral(why));
}

/** What a text consists of when more may be in it: what the parser sees, and as literal as both readers agree it is. */
function readTwice(text: string): Analysis {
  const parsed = parseScript(text);
  if (parsed.fault !== undefined) return { fault: parsed.fault };
  const { script } = parsed;
  if (script.commands.length === 0) return { fault: 'There is no command in it.' };
  const read = readLiteralText(text);
  if (!Array.isArray(read)) return analysed(findCommands(script), 0, read);
  const literal = commandsBeside(read);
  if (!readAlike(script, read)) return analysed(findCommands(script), 0, notLiteral('compound'));
  return analysed(literal, read.length);
}

function analysed(found: FoundCommand[], literal: number, why?: NotLiteral): Analysed {
  const { length } = found;
  addOtherNames(found);
  addInnerCommands(found);
  addOtherNames(found, length);
  addRewritten(found);
  return { fault: undefined, found, literal, notLiteral: why };
}
