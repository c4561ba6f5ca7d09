import type { CommandForm } from '../decision/index.js';

const LONGEST_KEPT = 10_000;
const LONGEST_SHOWN_OF_MORE = 1_000;

/** Marks around a code point that is named rather than shown; a bracket of the command itself is named too. */
const OPEN = '\u27e8';
const CLOSE = '\u27e9';

/**
 * What a screen hides, moves or shows like something else: controls, formats, blanks but the usual one, marks, letters
 * that look like Latin ones, and compatibility forms of others (checked one by one).
 */
const DECEPTIVE =
  /[\p{C}\p{Z}\p{M}\u00ad\u115f\u1160\u2800\u3164\uffa0\u27e8\u27e9\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;

/**
 * The command for the eyes of the person who decides: everything that will run is there, and nothing of it can hide.
 * Text stays text, argv is JSON. What is not kept because it is too long says how much of it is missing.
 */
export function displayOf(form: CommandForm): string {
  const text = form.argv === undefined ? form.text : JSON.stringify(form.argv);
  const { length } = text;
  if (isKept(form)) return shown(text);
  const rest = length - LONGEST_SHOWN_OF_MORE;
  return `${shown(text.slice(0, LONGEST_SHOWN_OF_MORE).toWellFormed())}${OPEN}${rest} more characters${CLOSE}`;
}

/** Whether the command is short enough to be kept to the letter; a longer one is denied in any case. */
export function isKept(form: CommandForm): boolean {
  if (form.argv === undefined) return [...form.text].length <= LONGEST_KEPT;
  return JSON.stringify(form.argv).length <= 2 * LONGEST_KEPT;
}

/** Any other text for the same eyes. Blanks at the end of a line are as invisible as any other. */
export function shown(text: string): string {
  let result = '';
  let blanks = 0;
  for (const character of text) {
    if (character === ' ') {
      blanks += 1;
      continue;
    }
    result += character === '\n' ? named(' ').repeat(blanks) : ' '.repeat(blanks);
    result += isPlain(character) ? character : named(character);
    blanks = 0;
  }
  return result + named(' ').repeat(blanks);
}

function isPlain(character: string): boolean {
  const code = character.charCodeAt(0);
  if (character.length === 1 && code >= 0x20 && code < 0x7f) return true;
  return !DECEPTIVE.test(character) && character.normalize('NFKC') === character;
}

function named(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const mark = `${OPEN}U+${code}${CLOSE}`;
  return character === '\n' ? `${mark}\n` : mark;
}
