import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_TURN_MS = 10;

/**
 * Does the work for each, one after the other. Commands may be slow to judge, each within its limit but many together for
 * seconds, so others are served in between.
 */
export async function inTurns<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let sinceMs = performance.now();
  for (const item of items) {
    results.push(await work(item));
    if (performance.now() - sinceMs < LONGEST_TURN_MS) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
  return results;
}
