import type { Word } from 'unbash';

/** What may be in a word, as far as its characters tell. */
export const Sign = {
  /** Something that is filled in by the shell, or runs commands: `$`, a backtick, `<(…)`. */
  Expansion: 1,
  /** Quotes and backslashes, which are no part of the value. */
  Quote: 2,
  Brace: 4,
} as const;

const SIGNS = new Uint8Array(128);
for (const character of '$`(') SIGNS[character.charCodeAt(0)] = Sign.Expansion;
for (const character of '\'"\\') SIGNS[character.charCodeAt(0)] = Sign.Quote;
SIGNS['{'.charCodeAt(0)] = Sign.Brace;

export function signsIn(text: string): number {
  let signs = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 128) signs |= SIGNS[code];
  }
  return signs;
}

/**
 * A word without its quotes. The parser takes a word apart for that, which is as much work as parsing it; most words
 * are their own value, and most others stand in one pair of quotes with nothing in them that means anything.
 */
export function valueOf(word: Word, signs: number): string {
  const { text } = word;
  if ((signs & ~Sign.Brace) === 0) return text;
  return ((signs & Sign.Expansion) === 0 ? insideOneQuote(text) : undefined) ?? word.value;
}

function insideOneQuote(text: string): string | undefined {
  const quote = text.charAt(0);
  const last = text.length - 1;
  if ((quote !== "'" && quote !== '"') || text.indexOf(quote, 1) !== last) return undefined;
  return quote === '"' && text.includes('\\') ? undefined : text.slice(1, last);
}
