import type { FoundCommand } from '../commands/found-command.js';
import { coversNothing, refusalOf, withoutSkipped, wordsThatName } from '../guards/guards.js';
import { MAX_PATTERN_LENGTH } from './pattern.js';

/** A pattern is one line. */
const CANNOT_BE_SAVED = /[\n\t]/;
const NOTHING: ReadonlySet<string> = new Set();

/** The pattern of the narrowest rule that would allow a command and still be of use again; none if no rule can. */
export function suggestPattern(command: FoundCommand): string | undefined {
  const { known } = command;
  return known === undefined
    ? narrowest(command)
    : (known.suggestion ??= { found: narrowest(command) }).found;
}

function narrowest({ argv: given, program }: FoundCommand): string | undefined {
  const guard = program?.guard;
  if (coversNothing(guard, given)) return undefined;
  const argv = withoutSkipped(guard, given);
  const covers = (words: readonly string[]) =>
    refusalOf(guard, argv, { words, accepted: NOTHING }, NOTHING) === undefined;
  const named = wordsThatName(guard, argv);
  const narrow = argv.slice(0, isSubcommandLike(argv[named]) ? named + 1 : named);
  const words = covers(narrow) ? narrow : covers(argv) ? argv : undefined;
  const pattern = words?.map(quoted).join(' ');
  return pattern === undefined || pattern.length > MAX_PATTERN_LENGTH || CANNOT_BE_SAVED.test(pattern)
    ? undefined
    : pattern;
}

function isSubcommandLike(word: string | undefined): boolean {
  return word !== undefined && /^[a-z][a-z:_-]*$/.test(word);
}

export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const PLAIN = /^[\w@%+:,./-]+$/;
