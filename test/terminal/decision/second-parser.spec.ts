import { createRequire } from 'node:module';
import fc from 'fast-check';
import { analyseAnew } from '../../../src/modules/terminal/decision/analysis.js';
import { decided, policyOf, readCorpus } from './deciding.js';

/** The parts of mvdan-sh that are used here; the package has no types. */
interface Syntax {
  NewParser(): { Parse(text: string, name: string): unknown };
  Walk(file: unknown, visit: (node: unknown) => boolean): void;
  NodeType(node: unknown): string;
}
interface Call {
  readonly Args: readonly { readonly Parts: readonly unknown[]; Lit(): string }[];
  readonly Assigns: readonly unknown[];
}
const { syntax } = createRequire(__filename)('mvdan-sh') as { syntax: Syntax };
const parser = syntax.NewParser();

interface Seen {
  /** The names of the commands, where they are written plainly. */
  readonly names: readonly string[];
  readonly commands: number;
  /** The kinds of everything in the script. */
  readonly kinds: ReadonlySet<string>;
}

/** What the second parser sees, or nothing when it does not accept the text. */
function seenBySecond(text: string): Seen | undefined {
  const names: string[] = [];
  const kinds = new Set<string>();
  let commands = 0;
  try {
    syntax.Walk(parser.Parse(text, ''), (node) => {
      if (!node) return true;
      const kind = syntax.NodeType(node);
      kinds.add(kind);
      if (kind === 'CallExpr') {
        const { Args } = node as Call;
        if (Args.length > 0) {
          commands++;
          const name = Args[0].Lit();
          if (/^[\w./-]+$/.test(name)) names.push(name);
        }
      }
      return true;
    });
  } catch {
    return undefined;
  }
  return { names, commands, kinds };
}

const LITERAL = new Set([
  'File',
  'Stmt',
  'CallExpr',
  'Word',
  'Lit',
  'SglQuoted',
  'DblQuoted',
  'BinaryCmd',
  'Redirect',
]);

const { script } = fc.letrec<{
  script: string;
  list: string;
  pipeline: string;
  command: string;
  word: string;
  simple: string;
}>((tie) => {
  const join = (separator: string, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((texts) => texts.join(separator));
  const name = fc.constantFrom('a', 'b', 'ls', 'git', './x', '/bin/y', 'rm');
  const plain = fc.constantFrom(
    'x',
    '-f',
    '--all',
    'a=b',
    './*',
    "'a b'",
    '"c d"',
    "'$(x)'",
    '\\;',
    'a\\ b',
    '#',
    'x#y',
    '1',
    '""',
  );
  const redirect = fc.constantFrom(
    '>/dev/null',
    '2>&1',
    '< in',
    '>> out',
    '&> all',
    '3<> f',
    '<<< here',
    '>| f',
  );
  return {
    script: fc.oneof({ weight: 3, arbitrary: tie('list') }, join('\n', tie('list'), tie('list'))),
    list: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('pipeline'),
      fc
        .tuple(tie('pipeline'), fc.constantFrom(' && ', ' || ', '; ', ' & ', '\n', ';'), tie('pipeline'))
        .map((t) => t.join('')),
    ),
    pipeline: fc.oneof(
      { depthSize: 'small' },
      tie('command'),
      fc.tuple(tie('command'), fc.constantFrom(' | ', '|', ' |& '), tie('command')).map((t) => t.join('')),
      tie('command').map((text) => `! ${text}`),
    ),
    command: fc.oneof(
      { depthSize: 'small' },
      { weight: 6, arbitrary: tie('simple') },
      tie('list').map((text) => `( ${text} )`),
      tie('list').map((text) => `{ ${text}; }`.replace('&;', '&')),
      fc.tuple(tie('simple'), tie('simple')).map(([test, body]) => `if ${test}; then ${body}; fi`),
      fc.tuple(tie('simple'), tie('simple')).map(([test, body]) => `while ${test}; do ${body}; done`),
      fc.tuple(tie('word'), tie('simple')).map(([word, body]) => `for v in ${word}; do ${body}; done`),
      fc.tuple(tie('word'), tie('simple')).map(([word, body]) => `case ${word} in x) ${body} ;; esac`),
      tie('simple').map((body) => `f() { ${body}; }`),
      tie('word').map((word) => `[[ -n ${word} ]]`),
      tie('simple').map((body) => `a <<E\n$(${body})\nE`),
    ),
    simple: fc
      .tuple(
        fc.constantFrom('', '', '', 'V=1 ', 'V=$(a) '),
        name,
        fc.array(tie('word'), { maxLength: 3 }),
        fc.option(redirect),
      )
      .map(([set, called, words, to]) => `${set}${[called, ...words, ...(to ? [to] : [])].join(' ')}`),
    word: fc.oneof(
      { depthSize: 'small' },
      { weight: 6, arbitrary: plain },
      tie('simple').map((text) => `$(${text})`),
      tie('simple').map((text) => `"q $(${text})"`),
      tie('simple').map((text) => `<(${text})`),
      tie('simple').map((text) => `\${v:-$(${text})}`),
      fc.constantFrom('$v', '"$v"', '~', '{a,b}', "$'x'", '*', '$((1+1))', '`a b`'),
    ),
  };
});

describe('compared with a second parser', () => {
  const policy = policyOf(['a', 'b', 'ls', 'git', './x', '/bin/y', 'rm']);

  it('never sees fewer commands, nor misses a name', () => {
    fc.assert(
      fc.property(script, (text) => {
        const second = seenBySecond(text);
        const analysis = analyseAnew({ text });
        fc.pre(second !== undefined);
        if (analysis.fault !== undefined) return; // refused: nothing in it runs
        const own = analysis.found.filter(({ runBy }) => runBy === undefined);
        expect(own.length).toBeGreaterThanOrEqual(second?.commands ?? 0);
        const names = own.map(({ argv }) => argv[0]);
        for (const name of second?.names ?? []) expect(names).toContain(name);
      }),
      { numRuns: 700 },
    );
  });

  it('allows nothing in which the other sees more than literal simple commands', () => {
    fc.assert(
      fc.property(script, (text) => {
        if (decided(text, policy).verdict !== 'allow') return;
        const second = seenBySecond(text);
        expect(second).toBeDefined();
        expect([...(second?.kinds ?? [])].filter((kind) => !LITERAL.has(kind))).toEqual([]);
      }),
      { numRuns: 700 },
    );
  });

  it('agrees about every allowed text of the corpora', () => {
    for (const { rules, command } of [...readCorpus('own.json'), ...readCorpus('terminal-policy.json')]) {
      if (typeof command !== 'string') continue;
      const decision = decided(command, policyOf(rules));
      if (decision.verdict !== 'allow') continue;
      const second = seenBySecond(command);
      expect(second?.commands).toBe(decision.segments.length);
      expect([...(second?.kinds ?? [])].filter((kind) => !LITERAL.has(kind))).toEqual([]);
    }
  });
});
