import { compilePolicy, decide } from '../../../src/modules/terminal/decision/index.js';
import { Memory } from '../../../src/modules/terminal/decision/text/memory.js';
import { surveyOf } from '../../../src/modules/terminal/decision/text/byte-screen.js';
import { decided, policyOf, readCorpus, requestFor, ruleFor } from './deciding.js';

function shown(command: string, policy: Parameters<typeof decide>[1], at: number): string {
  const { verdict, reasons, segments, suggestions } = decide(requestFor(command, { at }), policy);
  return JSON.stringify({ verdict, reasons, segments, suggestions });
}

describe('what is remembered', () => {
  it('is what was found out, whichever policy is asked in which order, and at what time', () => {
    const cases = ['own.json', 'families.json', 'everyday.json'].flatMap((name) => readCorpus(name));
    let allowed = 0;
    for (const { command, rules } of cases.filter((_, index) => index % 25 === 0)) {
      if (typeof command !== 'string') continue;
      const expiring = (patterns: readonly string[]) =>
        patterns.map((pattern) => ({ ...ruleFor(pattern), expiresAt: 10 }));
      const block = [command.split(' ', 1)[0]];
      const kept = policyOf(rules);
      const none = policyOf([]);
      const ending = compilePolicy({ allow: { user: expiring(rules) }, block: {} });
      const refusing = compilePolicy({
        allow: { user: rules.map(ruleFor) },
        block: { global: expiring(block) },
      });
      const refused = policyOf(rules, block);
      const asked = [
        () => shown(command, kept, 5),
        () => shown(command, none, 5),
        () => shown(command, refused, 5),
        () => shown(command, ending, 5),
        () => shown(command, ending, 10),
        () => shown(command, refusing, 5),
        () => shown(command, refusing, 10),
      ];
      const first = asked.map((ask) => ask());
      const whenItHolds = [first[0], first[1], first[2], first[0], first[1], first[2], first[0]];
      expect([command, first]).toEqual([command, whenItHolds]);
      for (const order of [asked.keys(), [6, 5, 4, 3, 2, 1, 0], [4, 3, 4, 6, 5, 6]])
        for (const index of order) {
          const again = asked[index]();
          if (again !== first[index]) expect([command, index, again]).toEqual([command, index, first[index]]);
        }
      if (first[0].startsWith('{"verdict":"allow"')) allowed++;
    }
    expect(allowed).toBeGreaterThan(20);
  });

  it('of a part says nothing about whoever asks', () => {
    const policy = policyOf(['git add', 'ls']);
    const principal = { ...requestFor('').principal, isServerTerminalAuthorized: false };
    for (let turn = 0; turn < 4; turn++) {
      expect(decided('git add . && ls', policy).verdict).toBe('allow');
      expect(decide(requestFor('git add . && ls', { principal }), policy).verdict).toBe('deny');
    }
  });

  it('of a part is only used where that part stands by itself', () => {
    const policy = policyOf(['git add', 'ls', 'echo']);
    for (let turn = 0; turn < 3; turn++)
      expect(decided('ls a; git add .; ls b', policy).verdict).toBe('allow');
    for (const [text, verdict] of [
      ['ls; git add . & ls', 'approve'],
      ['ls; git add . &> x', 'approve'],
      ['ls; git add .|& ls', 'approve'],
      ['ls; git add .)', 'deny'],
      ['ls "; git add .; ls"', 'allow'],
    ])
      expect([text, decided(text, policy).verdict]).toEqual([text, verdict]);
  });

  it('is compared whole, and forgotten when it grows too large', () => {
    const memory = new Memory<number>(16);
    const at = (text: string) => memory.get(`xx${text};`, 2, 2 + text.length, 1);
    memory.put('ls a', 1, 1, 100);
    memory.put('ls b', 1, 2, 100);
    expect([at('ls a'), at('ls b'), at('ls c'), at('ls ')]).toEqual([1, 2, undefined, undefined]);
    for (let more = 0; more < 4; more++) memory.put(`ls ${more}`, 1, 3, 100);
    expect([at('ls a'), at('ls 3')]).toEqual([undefined, 3]);
    memory.put('ls large', 1, 4, 8_000_000);
    expect([at('ls 3'), at('ls large')]).toEqual([undefined, 4]);
  });

  it('is remembered from the second time on, also when others come between', () => {
    const memory = new Memory<number>(4_096);
    const texts = Array.from({ length: 1_000 }, (_, index) => `git log --oneline -${index}`);
    const seen = () => texts.filter((text) => memory.isSeenAgain(surveyOf(text).print)).length;
    expect(seen()).toBeLessThan(10);
    expect(seen()).toBeGreaterThan(950);
  });

  it('of a command without words that find runs is nothing', () => {
    for (const text of [
      "find . -exec ssh h <<E\nx=make:SHELL=id; IFS=':' $x\nE {} +",
      'find . -exec ssh h <<E\n> out\nE {} +',
    ])
      expect(decided(text, policyOf(['find'])).verdict).not.toBe('allow');
  });
});
