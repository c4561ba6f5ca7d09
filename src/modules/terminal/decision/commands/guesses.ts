/**
 * Commands that may stand inside text which is no shell script: a program for an interpreter, a line for an editor, an
 * address with a command in it. What is guessed can only block, so a wrong guess costs little; none is sought where
 * people write prose.
 */
const MOST_GUESSES = 16;
const LONGEST_GUESS = 1_000;

/** What stands in front of a command: a quote, `!` of editors, `system(`, `ext::`. */
const START =
  /["'`]|\\?!|[;(|]|:{1,2}|(?<=^[\w.-]{1,64})=|\b(?:shell|system|spawn|exec|script)\s|(?<=^[\d$,/\w]{0,20})e\s/g;
/** When a line of a crontab runs. */
const TIMES = /^(?:@\w+|(?:[\d*/,-]+\s+){4}[\w*/,-]+)\s+/;

export function guessesIn(given: string): string[] {
  const text = given.replace(TIMES, '');
  const guesses = new Set(STARTS_A_COMMAND.test(text) && text.length <= LONGEST_GUESS ? [text] : []);
  for (const found of text.slice(0, LONGEST_GUESS).matchAll(START)) {
    const [mark] = found;
    const rest = text.slice(found.index + mark.length, found.index + LONGEST_GUESS);
    const isQuoted = /^["'`]$/.test(mark);
    const end = isQuoted ? rest.indexOf(mark) : -1;
    const guess = (end === -1 ? rest : rest.slice(0, end)).replace(/[\s)"'`;}\]]+$/, '').trim();
    if (STARTS_A_COMMAND.test(guess)) guesses.add(guess);
    if (guesses.size >= MOST_GUESSES) break;
  }
  const list = inList(text);
  if (list !== undefined) guesses.add(list);
  return [...guesses];
}

const STARTS_A_COMMAND = /^[\w./~\\$]/;

/** `['rm', '-rf', '/']`: the words of a command as languages write lists. */
function inList(text: string): string | undefined {
  const list = /\[\s*((?:(["'])[^"']*\2\s*,\s*)+(["'])[^"']*\3)\s*\]/.exec(text.slice(0, LONGEST_GUESS));
  return list?.[1].replace(/["']\s*,\s*["']/g, ' ').slice(1, -1);
}

/** What a command may be when nobody knows which words are the runner's own: it may start at each of them. */
export function startsAmong(argv: readonly string[]): string[][] {
  const starts: string[][] = [];
  for (let index = 1; index < argv.length - 1 && starts.length < MOST_GUESSES; index++)
    if (!argv[index].startsWith('-')) starts.push(argv.slice(index));
  return starts;
}
