import { wordsThatName } from '../guards/guards.js';
import { AllowRules } from './allow-rules.js';
import { MAX_PATTERN_LENGTH } from './pattern.js';

/** The pattern of the narrowest rule that would allow a command and still be of use again; none if no rule can. */
export function suggestPattern(argv: readonly string[], at: number): string | undefined {
  const named = wordsThatName(argv);
  const lengths = [named, ...(isSubcommandLike(argv[named]) ? [named + 1] : []), argv.length];
  const narrowestUseful = argv.length > named && isSubcommandLike(argv[named]) ? lengths.slice(1) : lengths;
  for (const length of narrowestUseful) {
    const pattern = argv.slice(0, length).map(quoted).join(' ');
    if (pattern.length > MAX_PATTERN_LENGTH) continue;
    const rules = new AllowRules([{ id: 'suggested', pattern }]);
    if (rules.find(argv, at).rule !== undefined) return pattern;
  }
  return undefined;
}

function isSubcommandLike(word: string | undefined): boolean {
  return word !== undefined && /^[a-z][a-z:_-]*$/.test(word);
}

export function quoted(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
