import type { Word } from 'unbash';
import { Sign } from './signs.js';

/**
 * A word without its quotes. The parser takes a word apart for that, which is as much work as parsing it; most words
 * are their own value, and most others stand in one pair of quotes with nothing in them that means anything.
 */
export function valueOf(word: Word, signs: number): string {
  const { text } = word;
  if ((signs & (Sign.Expansion | Sign.Quote)) === 0) return text;
  return ((signs & Sign.Expansion) === 0 ? insideOneQuote(text) : undefined) ?? word.value;
}

function insideOneQuote(text: string): string | undefined {
  const quote = text.charAt(0);
  const last = text.length - 1;
  if ((quote !== "'" && quote !== '"') || text.indexOf(quote, 1) !== last) return undefined;
  return quote === '"' && text.includes('\\') ? undefined : text.slice(1, last);
}
