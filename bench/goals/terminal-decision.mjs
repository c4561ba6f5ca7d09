import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleaveRates, ratios } from '../harness/rounds.mjs';
import { median } from '../harness/statistics.mjs';

/** What agents send all day: plain commands, chains, and wrappers in wrappers. */
const COMMANDS = [
  'git status -sb',
  'npm test -- --watch=false',
  'docker ps -a --no-trunc',
  'ls -la src | grep ts',
  'git add . && git commit -m "fix: a thing"',
  'sudo -u bob env A=1 timeout 5 rm -rf build',
  'find . -name "*.ts" -exec grep -l foo {} +',
  'bash -c "cd /tmp && make test"',
  'echo $(git rev-parse HEAD) > out.txt',
  'kubectl get pods -n prod -o wide; curl -s http://localhost:3000/health | jq .status',
];
const VERDICTS = 'allow allow allow allow allow approve approve approve approve allow'.split(' ');
const ALLOWED = [
  'git status',
  'git add',
  'git commit',
  'npm test',
  'docker',
  'ls',
  'grep',
  'kubectl get',
  'curl',
  'jq',
];
/** What the tests know of everyday commands and of attempts to get past the rules. */
const CORPORA = ['terminal-policy.json', 'own.json', 'disguises.json', 'families.json'];
const CORPUS_SIZE = 1_000;
/** Of a round, for each variant. */
const SLICES = 10;
const LEAST_OF_PARSER = 0.5;
const LEAST_WITH_MANY_RULES = 0.8;

/**
 * Nothing but processor is needed here, so it is measured in this process. The goal is judged by texts that never came
 * before, since what a text consists of is remembered when it comes again: a rate over the same ten texts would leave
 * out the very work that is compared. What repeated texts reach is told beside it, and so is a corpus of real commands,
 * each decided in its turn: there the parser is quick for many that it cannot read, and a few texts are long.
 */
export const terminalDecisionGoal = {
  id: 'g4',
  title: 'Deciding about a terminal command',
  reference: 'the shell parser alone on the same ten commands, each with an argument that never came before',
  measure: 'commands per processor second',
  limit: LEAST_OF_PARSER,
  atLeast: true,
  async run({ pace, fromBuild }) {
    const { parse } = await import('unbash');
    const { compilePolicy, decide } = await fromBuild('src/modules/terminal/decision/index.js');
    const few = policyWith(compilePolicy, 10);
    const many = policyWith(compilePolicy, 10_000);
    let fresh = 0;
    const asTheyAre = (text) => text;
    const unseen = (text) => `${text} x${fresh++}`;
    const parsing = (made, texts = COMMANDS) =>
      rateOf(pace, texts, (text) => parse(made(text)).commands.length);
    const deciding = (policy, made, texts = COMMANDS) =>
      rateOf(pace, texts, (text) => decide(requestFor(made(text)), policy).verdict);
    const corpus = readCorpus();
    const ofCorpus = compilePolicy({ allow: { user: rulesFor(corpus.patterns) }, block: {} });
    const ten = {
      parse: parsing(unseen),
      decide: deciding(few, unseen),
      many: deciding(many, unseen),
      parseRepeated: parsing(asTheyAre),
      decideRepeated: deciding(few, asTheyAre),
      manyRepeated: deciding(many, asTheyAre),
    };
    const thousand = {
      parseCorpus: parsing(unseen, corpus.texts),
      decideCorpus: deciding(ofCorpus, unseen, corpus.texts),
      parseCorpusAgain: parsing(asTheyAre, corpus.texts),
      decideCorpusAgain: deciding(ofCorpus, asTheyAre, corpus.texts),
    };
    const samples = {};
    for (const variants of [ten, thousand]) {
      // The first turns are spent on compiling, the parser's no less than ours.
      await interleaveRates(variants, 1, SLICES);
      Object.assign(samples, await interleaveRates(variants, pace.rounds, SLICES));
    }
    const over = (variant, reference) => ratios(samples, variant, reference, (rate) => rate);
    return {
      ratio: over('decide', 'parse'),
      rows: [],
      checks: [
        isRight(decide, few, unseen),
        isRight(decide, many, asTheyAre),
        withManyRules('never seen before', over('many', 'decide')),
        withManyRules('repeated', over('manyRepeated', 'decideRepeated')),
        {
          met: true,
          text:
            `never seen before: ${thousands(samples.decide)} decisions, ${thousands(samples.parse)} parses alone; ` +
            `repeated: ${thousands(samples.decideRepeated)} decisions, ${thousands(samples.parseRepeated)} parses ` +
            `alone, ${times(over('decideRepeated', 'parseRepeated'))} (told, not judged)`,
        },
        isRemembered(decide, ofCorpus, corpus.texts),
        {
          met: true,
          text:
            `${corpus.texts.length} commands of the corpus under ${corpus.patterns.length} rules, first time: ` +
            `${thousands(samples.decideCorpus)} decisions, ${times(over('decideCorpus', 'parseCorpus'))}; ` +
            `again: ${thousands(samples.decideCorpusAgain)} decisions, ` +
            `${times(over('decideCorpusAgain', 'parseCorpusAgain'))} (told, not judged)`,
        },
      ],
    };
  },
};

function withManyRules(which, alike) {
  return {
    met: alike.median >= LEAST_WITH_MANY_RULES,
    text: `texts ${which}, with 10,000 rules: ${times(alike)} the rate with 10 (goal ≥ ${LEAST_WITH_MANY_RULES})`,
  };
}

function policyWith(compilePolicy, count) {
  const patterns = [
    ...ALLOWED,
    ...Array.from({ length: count - ALLOWED.length }, (_, index) =>
      index % 2 ? `tool${index} run` : `git sub${index} x`,
    ),
  ];
  const blocked = Array.from({ length: count / 10 }, (_, index) =>
    index % 2 ? `bad${index}` : `git bad${index}`,
  );
  return compilePolicy({ allow: { user: rulesFor(patterns) }, block: { global: rulesFor(blocked) } });
}

const rulesFor = (patterns) => patterns.map((pattern) => ({ id: pattern, pattern }));

/** Commands from all over the corpora, one in so many, and every rule that some of them are judged under. */
function readCorpus() {
  const directory = join(import.meta.dirname, '../../test/terminal/corpus');
  const files = CORPORA.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  const patterns = new Set(files.flatMap(({ allowlist = [] }) => allowlist));
  const texts = new Set();
  for (const { cases = [], groups = [] } of files)
    for (const { rules = [], input, allow = [], ask = [], deny = [] } of [...cases, ...groups]) {
      for (const pattern of rules) patterns.add(pattern);
      for (const text of [input, ...allow, ...ask, ...deny]) if (typeof text === 'string') texts.add(text);
    }
  const all = [...texts];
  return {
    patterns: [...patterns],
    texts: Array.from(
      { length: CORPUS_SIZE },
      (_, index) => all[Math.floor((index * all.length) / CORPUS_SIZE)],
    ),
  };
}

/** What is remembered must be what was found out: the third time a text comes, the answer is that of the first. */
function isRemembered(decide, policy, texts) {
  const answers = [1, 2, 3].map(() => texts.map((text) => JSON.stringify(answerTo(decide, policy, text))));
  const same = texts.filter((_, index) => answers[0][index] === answers[2][index]).length;
  return { met: same === texts.length, text: `${same} of ${texts.length} answers the same first and again` };
}

function answerTo(decide, policy, text) {
  const { verdict, reasons, segments, suggestions } = decide(requestFor(text), policy);
  return { verdict, reasons, segments, suggestions };
}

const principal = {
  kind: 'user',
  id: '0198c0de-0000-7000-8000-000000000001',
  isActive: true,
  isTerminalAuthorized: true,
  isServerTerminalAuthorized: true,
};
const requestFor = (text) => ({ command: { text }, mode: 'server', principal, at: 0 });

/** A fast wrong answer is no answer. */
function isRight(decide, policy, made) {
  const verdicts = COMMANDS.map((text) => decide(requestFor(made(text)), policy).verdict);
  const right = verdicts.filter((verdict, index) => verdict === VERDICTS[index]).length;
  return { met: right === COMMANDS.length, text: `${right} of ${COMMANDS.length} verdicts as expected` };
}

/** Rates by processor time: somebody else's turn on this processor does not count. */
function rateOf({ seconds }, texts, work) {
  const turns = Math.ceil(500 / texts.length);
  return () => {
    const before = process.cpuUsage();
    let rounds = 0;
    for (
      const end = performance.now() + (seconds * 1000) / 4 / SLICES;
      performance.now() < end;
      rounds += turns
    )
      for (let turn = 0; turn < turns; turn++) texts.map(work);
    return (rounds * texts.length) / (process.cpuUsage(before).user / 1e6);
  };
}

const thousands = (rates) => `${(median(rates) / 1000).toFixed(0)}k/s`;
const times = ({ min, median: middle, max }) =>
  `${min.toFixed(2)} / ${middle.toFixed(2)} / ${max.toFixed(2)} ×`;
