import { Character, kindOfCharacter } from './characters.js';

export const MAX_TEXT_LENGTH = 10_000;

/**
 * Characters that make a text look different from what runs: control characters but tab and newline, direction marks,
 * characters without a width, blanks that are no separators to a shell, and halves of surrogate pairs.
 */
const RANGES =
  '\\u0000-\\u0008 \\u000b-\\u001f \\u007f-\\u00a0 \\u00ad \\u034f \\u061c \\u115f \\u1160 ' +
  '\\u1680 \\u17b4 \\u17b5 \\u180b-\\u180f \\u2000-\\u200f \\u2028-\\u202f \\u205f-\\u206f \\u2800 ' +
  '\\u3000 \\u3164 \\ufeff \\uffa0 \\ufff0-\\ufffc \\u{1d173}-\\u{1d17a} \\u{e0000}-\\u{e0fff} \\ud800-\\udfff';
const UNSEEN = new RegExp(
  RANGES.split(' ')
    .map((range) => `[${range}]`)
    .join('|'),
  'u',
);
/** What one look at every character of a text tells. */
export interface Survey {
  /** The same for the same text, and mostly another for another. */
  readonly print: number;
  /** The kinds of all its characters. */
  readonly kinds: number;
}

/** All of it in one pass, since that is what the screen costs. */
export function surveyOf(text: string): Survey {
  let print = text.length;
  let kinds = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    kinds |= kindOfCharacter(code);
    print = (Math.imul(print, 31) + code) | 0;
  }
  return { print, kinds };
}

/** Nothing but what a keyboard has: answers most texts without the pattern. */
export function isOrdinary({ kinds }: Survey): boolean {
  return (kinds & Character.Foreign) === 0;
}

/** What is wrong with the characters of a text, or nothing. */
export function screenText(text: string): string | undefined {
  if (text.length > MAX_TEXT_LENGTH)
    return `The command has ${text.length} characters; at most ${MAX_TEXT_LENGTH} can be analysed.`;
  return isOrdinary(surveyOf(text)) ? undefined : faultOf(text);
}

function faultOf(text: string): string | undefined {
  const found = UNSEEN.exec(text);
  if (!found) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `The character U+${code} at position ${found.index} is invisible or misleading; write the command without it.`;
}

/** The same for a list of arguments. */
export function screenArguments(argv: readonly string[]): string | undefined {
  return argv.length === 0 || argv[0] === ''
    ? 'The list of arguments names no program.'
    : screenText(argv.join(' '));
}
