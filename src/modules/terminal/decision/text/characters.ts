/** What a character may be in a text of which there is but one reading. Bits, so that those of a text can be put together. */
export const Character = {
  /** Means itself wherever it stands in a word. */
  Word: 1 << 0,
  Blank: 1 << 1,
  Separator: 1 << 2,
  Quote: 1 << 3,
  /** Means itself in quotes, and something else, or several things, without them. */
  Quoted: 1 << 4,
  /** Is a part of `{}`, `\;` and `$(`, which mean one thing as a word or at its beginning. */
  Pair: 1 << 5,
  /** Has a meaning that needs a parser. */
  Meaning: 1 << 6,
  /** On no keyboard. */
  Foreign: 1 << 7,
} as const;

const KINDS = new Uint8Array(128).fill(Character.Foreign);
for (const [characters, kind] of [
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,', Character.Word],
  [' ', Character.Blank],
  [';&|', Character.Separator],
  ['\'"', Character.Quote],
  ['}#*?[]<>)^~', Character.Quoted],
  ['{\\$(', Character.Pair],
  ['`!\t\n', Character.Meaning],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;

export function kindOfCharacter(code: number): number {
  return code < 128 ? KINDS[code] : Character.Foreign;
}
