const CONTEXT = 2;
const MOST_LINES = 60;

/** The lines in which two texts differ, between the first and the last difference, with a little around them. */
export function lineDifference(committed, current) {
  const [before, after] = [committed.split('\n'), current.split('\n')];
  const start = before.findIndex((line, at) => line !== after[at]);
  const first = start === -1 ? before.length : start;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - first && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const lines = [
    `@@ line ${first + 1} @@`,
    ...before.slice(Math.max(0, first - CONTEXT), first).map((line) => `  ${line}`),
    ...before.slice(first, before.length - tail).map((line) => `- ${line}`),
    ...after.slice(first, after.length - tail).map((line) => `+ ${line}`),
  ];
  const surplus = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(surplus > 0 ? [`… ${surplus} more lines`] : [])].join('\n');
}
