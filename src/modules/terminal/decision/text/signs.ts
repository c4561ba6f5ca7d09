/**
 * What may be in a word, as far as its characters tell. Most words have nothing that any of the patterns could find, and
 * to look at every character once costs less than to take one pattern to it.
 */
export const Sign = {
  /** Something that is filled in by the shell, or runs commands: `$`, a backtick, `<(…)`. */
  Expansion: 1 << 0,
  /** Quotes and backslashes, which are no part of the value. */
  Quote: 1 << 1,
  Brace: 1 << 2,
  /** Without one of these a word is no path, no home directory, no variable that may hold one, and no `id_rsa`. */
  Place: 1 << 3,
  /** Blanks and brackets: a word may be text with a command in it. */
  Inside: 1 << 4,
  Colon: 1 << 5,
  Dash: 1 << 6,
  Dot: 1 << 7,
  /** A word may be a pattern for names. */
  Pattern: 1 << 8,
  /** A word may be a setting. */
  Equals: 1 << 9,
} as const;

/** What is to be thought of a word at which nobody has looked. */
export const ALL_SIGNS = 0xffff;

const SIGNS = new Uint16Array(128);
for (const [characters, sign] of [
  ['$`(', Sign.Expansion],
  ['\'"\\', Sign.Quote],
  ['{', Sign.Brace],
  ['/~$_', Sign.Place],
  [' \t\n\v\f\r([;', Sign.Inside],
  [':', Sign.Colon],
  ['-', Sign.Dash],
  ['.', Sign.Dot],
  ['*?[', Sign.Pattern],
  ['=', Sign.Equals],
] as const)
  for (const character of characters) SIGNS[character.charCodeAt(0)] |= sign;

/** A blank need not be one that a keyboard has. */
const FOREIGN = Sign.Inside;

export function signOf(code: number): number {
  return code < 128 ? SIGNS[code] : FOREIGN;
}

export function signsIn(text: string): number {
  let signs = 0;
  for (let index = 0; index < text.length; index++) signs |= signOf(text.charCodeAt(index));
  return signs;
}

/** The signs of all arguments of a command together. */
export function signsOfArguments(argv: readonly string[]): number {
  let signs = 0;
  for (let index = 1; index < argv.length; index++) signs |= signsIn(argv[index]);
  return signs;
}
