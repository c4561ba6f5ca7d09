import { decide } from '../../../src/modules/terminal/decision/index.js';
import { type Analysis, analyse, analyseAnew } from '../../../src/modules/terminal/decision/analysis.js';
import { CORPORA, type CorpusCase, isAsExpected, policyOf, readCorpus, requestFor } from './deciding.js';

const MOST_FALSE_PROMPTS = 0.02;

describe.each(CORPORA)('the corpus %s', (name) => {
  const cases = readCorpus(name);
  const policies = new Map(cases.map(({ rules }) => [rules.join('\n'), policyOf(rules)]));
  const answered = cases.map((entry) => {
    const policy = policies.get(entry.rules.join('\n')) ?? policyOf(entry.rules);
    return { entry, decision: decide(requestFor(entry.command, { cwd: entry.cwd }), policy) };
  });
  const wrong = answered.filter(({ entry, decision }) => !isAsExpected(entry, decision));
  const told = (entry: CorpusCase) => `${entry.category}: ${JSON.stringify(entry.command).slice(0, 200)}`;

  it('has nothing hostile that runs by itself', () => {
    expect(wrong.filter(({ entry }) => entry.expect !== 'ALLOW').map(({ entry }) => told(entry))).toEqual([]);
  });

  it('prompts for at most one in fifty of the commands that should simply run', () => {
    const benign = cases.filter(({ expect: expected }) => expected === 'ALLOW');
    const prompts = wrong.filter(({ entry }) => entry.expect === 'ALLOW').map(({ entry }) => told(entry));
    if (prompts.length > benign.length * MOST_FALSE_PROMPTS) expect(prompts).toEqual([]);
    expect(benign.length).toBeGreaterThan(0);
  });

  it('gives a reason with every verdict but allow, and none with allow', () => {
    for (const { decision } of answered)
      expect(decision.reasons.length > 0).toBe(decision.verdict !== 'allow');
  });

  it('is judged the same whether an analysis is remembered or not', () => {
    for (const { command } of cases) {
      const form = typeof command === 'string' ? { text: command } : { argv: command };
      const [first, second] = [forgetful(analyse(form)), forgetful(analyse(form))];
      expect(second).toEqual(first);
      expect(forgetful(analyse(form))).toEqual(first);
      expect(forgetful(analyseAnew(form))).toEqual(first);
    }
  });
});

/** Without what is kept for the words of its commands: that is compared as part of decisions. */
function forgetful(analysis: Analysis): Analysis {
  if (analysis.fault === undefined) for (const command of analysis.found) command.known = undefined;
  return analysis;
}

describe('our own corpus', () => {
  const cases = readCorpus('own.json');

  it('holds at least 400 different cases of both kinds', () => {
    const different = new Set(cases.map(({ rules, command }) => JSON.stringify([rules, command])));
    expect(different.size).toBeGreaterThanOrEqual(400);
    expect(cases.filter(({ expect: expected }) => expected === 'ALLOW').length).toBeGreaterThanOrEqual(150);
  });

  it('is told in the rule that would have helped: with it, the command runs', () => {
    for (const { rules, command } of cases) {
      const { suggestions, segments } = decide(requestFor(command), policyOf(rules));
      for (const suggestion of suggestions)
        expect(
          segments.some(
            ({ argv }) => decide(requestFor(argv), policyOf([suggestion])).segments[0]?.verdict === 'allow',
          ),
        ).toBe(true);
    }
  });
});
