import { screenText } from '../text/byte-screen.js';
import { type NotLiteral, readLiteralText } from '../text/literal-text.js';

export const MAX_PATTERN_LENGTH = 512;

/** The words of an allow pattern, or why it is none. */
export function readAllowPattern(pattern: string): readonly string[] | { readonly fault: string } {
  if (pattern.length > MAX_PATTERN_LENGTH)
    return { fault: `A pattern has at most ${MAX_PATTERN_LENGTH} characters.` };
  const unseen = screenText(pattern);
  if (unseen !== undefined) return { fault: unseen };
  if (pattern.trim() === '') return { fault: NO_WORDS };
  const segments = readLiteralText(pattern);
  if (!Array.isArray(segments)) return { fault: `A pattern is literal words. ${messageOf(segments)}` };
  if (segments.length !== 1) return { fault: ONE_COMMAND };
  const [{ argv, redirects }] = segments;
  return redirects > 0 ? { fault: NO_REDIRECTIONS } : argv;
}

/** What in a pattern is no word of a command, so that no command is ever found by it as it was meant. */
const NO_PART_OF_A_COMMAND: ReadonlySet<string> = new Set([
  'compound',
  'background',
  'redirect',
  'comment',
  'assignment',
  'negation',
  'line_continuation',
  'quoted_name',
]);

/** Why a block rule would not stop what it seems to, if so. Variables and patterns for names are taken as they stand. */
export function faultOfBlockPattern(pattern: string): string | undefined {
  if (pattern.trim() === '') return NO_WORDS;
  const unseen = screenText(pattern);
  if (unseen !== undefined) return unseen;
  const segments = readLiteralText(pattern);
  if (!Array.isArray(segments))
    return NO_PART_OF_A_COMMAND.has(segments.code)
      ? `A pattern is the first words of one command, whatever is around it. ${messageOf(segments)}`
      : undefined;
  if (segments.length !== 1) return ONE_COMMAND;
  return segments[0].redirects > 0 ? NO_REDIRECTIONS : undefined;
}

const NO_WORDS = 'A pattern names at least a program.';
const ONE_COMMAND = 'A pattern is one command; make a rule for each.';
const NO_REDIRECTIONS = 'A pattern has no redirections.';

/** What a text is made of is said of commands; a pattern is only one. */
function messageOf({ code, message }: NotLiteral): string {
  return code === 'compound' ? 'Brackets, unfinished quotes and words such as `if` are not.' : message;
}

/** The words of a block pattern: what is no literal command is taken word by word. */
export function readBlockPattern(pattern: string): readonly string[] {
  const segments = readLiteralText(pattern);
  if (Array.isArray(segments) && segments.length === 1) return segments[0].argv;
  return pattern.split(/\s+/).filter((word) => word !== '');
}
