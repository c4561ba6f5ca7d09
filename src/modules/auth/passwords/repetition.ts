/** Fewer symbols of a second round may be chance. */
const CLEAR_REST = 4;

/**
 * The shortest text that, repeated, makes this one; the last time it may be cut off anywhere (`monkeymonkeymon` is `monkey`,
 * `stairs` is `stair`). The text itself when it does not repeat.
 */
export function repeatedUnit(text: string): string {
  const symbols = [...text];
  return symbols.slice(0, shortestPeriod(symbols)).join('');
}

/** Whether the text is a unit of fewer than `length` code points, repeated so far that it cannot be by chance. */
export function isRepetitionOfLessThan(length: number, text: string): boolean {
  const symbols = [...text];
  const period = shortestPeriod(symbols);
  return period < length && symbols.length - period >= Math.min(period, CLEAR_REST);
}

/** By the longest border (Knuth, Morris, Pratt): linear in the length. */
function shortestPeriod(symbols: readonly string[]): number {
  const border = new Array<number>(symbols.length).fill(0);
  let matched = 0;
  for (let at = 1; at < symbols.length; at += 1) {
    while (matched > 0 && symbols[at] !== symbols[matched]) matched = border[matched - 1] ?? 0;
    if (symbols[at] === symbols[matched]) matched += 1;
    border[at] = matched;
  }
  return symbols.length - matched;
}
