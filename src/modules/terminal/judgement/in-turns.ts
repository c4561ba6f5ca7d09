import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_TURN_MS = 10;

/**
 * Does the work for each, one after the other. Commands may be slow to judge, each within its limit but many together for
 * seconds, so others are served in between.
 *
 * @param isOver asked before each; the rest is left out, and missing from the results
 */
export async function inTurns<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
  isOver: () => boolean = () => false,
): Promise<Result[]> {
  const results: Result[] = [];
  let sinceMs = performance.now();
  for (const item of items) {
    if (isOver()) break;
    results.push(await work(item));
    if (performance.now() - sinceMs < LONGEST_TURN_MS) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
  return results;
}
