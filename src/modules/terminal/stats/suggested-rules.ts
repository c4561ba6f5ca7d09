import { compilePolicy, decide } from '../decision/index.js';
import { inTurns } from '../judgement/in-turns.js';
import type { SuggestedRuleView } from './stats.dto.js';
import type { DecidedPrompt } from './stats.repository.js';

const MOST_SUGGESTIONS = 10;
/** Twice may be chance. */
const FEWEST_PROMPTS = 3;

interface Tally {
  prompts: number;
  readonly principals: Set<string>;
  isRefused: boolean;
}

/** Narrow rules for what people were asked about several times and never refused, the most frequent first. */
export async function suggestedRules(
  prompts: readonly DecidedPrompt[],
  at: number,
): Promise<SuggestedRuleView[]> {
  const tallies = new Map<string, Tally>();
  await inTurns(prompts, (prompt) => {
    for (const pattern of patternsFor(prompt, at)) {
      const tally = tallies.get(pattern) ?? { prompts: 0, principals: new Set(), isRefused: false };
      tallies.set(pattern, tally);
      tally.prompts += 1;
      tally.principals.add(prompt.principalId);
      tally.isRefused ||= !prompt.isAgreed;
    }
  });
  return [...tallies]
    .filter(([, { prompts: asked, isRefused }]) => asked >= FEWEST_PROMPTS && !isRefused)
    .sort(([one, { prompts: a }], [other, { prompts: b }]) => b - a || (one < other ? -1 : 1))
    .slice(0, MOST_SUGGESTIONS)
    .map(([pattern, { prompts: asked, principals }]) => ({
      pattern,
      prompts: asked,
      principals: principals.size,
    }));
}

function patternsFor({ segments }: DecidedPrompt, at: number): Set<string> {
  const patterns = segments
    .filter(({ verdict, argv }) => verdict !== 'allow' && argv.length > 0)
    .flatMap(
      ({ argv }) =>
        decide({ command: { argv }, mode: 'local', principal: ANYBODY, at }, NO_RULES).suggestions,
    );
  return new Set(patterns);
}

/** Where there are no rules, the decision says which one would do. */
const NO_RULES = compilePolicy({ allow: {}, block: {} });
const ANYBODY = {
  kind: 'system',
  id: '',
  isActive: true,
  isTerminalAuthorized: true,
  isServerTerminalAuthorized: true,
} as const;
