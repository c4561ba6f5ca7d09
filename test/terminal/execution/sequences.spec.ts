import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { NamePattern } from '../../../src/modules/terminal/execution/process/pathname-pattern.js';
import type { ProcessDriver } from '../../../src/modules/terminal/execution/process/process-driver.js';
import { decided, policyOf } from '../decision/deciding.js';
import { drive, driverIn, sequence } from './driving.js';

const ATOMS = [
  ...['a', 'b', 'x', '0', '3', ' ', ' ', ' ', '  ', '\t', '\n', ';', '&&', '||', ' && b ', ' || a ', ' | b '],
  ...[
    "'",
    '"',
    '\\',
    './',
    '/',
    '*',
    '?',
    '[',
    ']',
    './*',
    './d*/',
    './?.txt',
    './[a-c]*',
    './[^a]*',
    './d/*',
  ],
  ...["./'*'", './\\*', './"a"*', '-', '>/dev/null', '2>&1', ' 2>/dev/null', ' >&2', ' </dev/null', '.', 'é'],
  ...['"x y"', "'x;y'", '\\;', 'x"y"z', ',', ':', '1', '2', '[[:alpha:]]*', './.*', './d/../*'],
];

/** What rules allow runs without a shell, and means to the last character what it would have meant to one. */
describe('Allowed text', () => {
  const root = mkdtempSync(join(tmpdir(), 'reeve-sequence-'));
  const [programs, work] = ['bin', 'work'].map((name) => join(root, name));
  let driver: ProcessDriver;

  beforeAll(() => {
    mkdirSync(programs);
    mkdirSync(join(work, 'd', 'deep'), { recursive: true });
    for (const file of ['a.txt', 'b.txt', 'c', '-n', '.hidden', 'x y', '$(id)', '*', 'd/one', 'd/é'])
      writeFileSync(join(work, file), file);
    // Says how it was called to both channels, passes on what it was given, and ends as its first argument says.
    const body =
      'printf "%s" "$0" | sed "s,.*/,,"; printf "<%s>" "$@"; echo; echo "e:$*" >&2; [ "$(readlink /proc/self/fd/0)" = /dev/null ] || cat; case "$1" in [0-9]) exit "$1";; esac';
    for (const name of ['a', 'b'])
      writeFileSync(join(programs, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
    driver = driverIn(work, { PATH: `${programs}:${process.env.PATH}` });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const asShell = (text: string) => {
    const { stdout, stderr, status } = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', text], {
      cwd: work,
      env: { PATH: `${programs}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
      timeout: 10_000,
    });
    return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode: status };
  };
  const asDriver = async (text: string) => {
    const { stdout, stderr, exitCode } = await drive(driver, sequence(text));
    return { stdout, stderr, exitCode };
  };

  it.each([
    'a 1 && b',
    'a 1 || b',
    'a 0 && b 2 || a 3',
    'a 1 && b || a 4; b',
    'a x | b | a',
    'a x 2>&1 | b',
    'a x >/dev/null 2>&1 | b',
    'a x 2>&1 >/dev/null | b',
    'a &>/dev/null; b',
    'a >&2 x',
    'a\nb 5\n',
    'a 1 &&\n b',
    './missing',
    'a ./*',
    'a ./d/* ./*/one /nowhere/*',
    'a ./\'*\' ./\\* ./"?".txt',
    'a ./[a-b]*.txt ./[^a]* ./[[:digit:]]* ./[',
    'a ./.* ./*/',
  ])('%j', async (text) => {
    const expected = asShell(text);
    // What a shell says about itself when it finds nothing is in its own words.
    const withoutName = ({ stderr, ...rest }: typeof expected) => ({
      ...rest,
      stderr: stderr.replace(/^.*: line 1: /, 'reeve: ').toLowerCase(),
    });
    // Commands of a pipeline run at once: whose line comes first is chance.
    expect(sorted(withoutName(await asDriver(text)))).toEqual(sorted(withoutName(expected)));
  });

  const CHARACTERS = [
    ...['a', 'Z', '5', '_', '-', '~', ' ', '\t', '\u0001', '\u007f'],
    ...['é', 'É', 'ß', '中', '٣', '€', '😀', '\u00a0', '\u3000'],
  ];
  it.each([
    ...['alnum', 'alpha', 'blank', 'cntrl', 'digit', 'graph', 'lower'],
    ...['print', 'punct', 'space', 'upper', 'word', 'xdigit', 'none'],
  ])('means by [:%s:] what a shell means', (name) => {
    const script = `for one in "$@"; do [[ $one == [[:${name}:]] ]] && echo yes || echo no; done`;
    const { stdout } = spawnSync('/bin/bash', ['-c', script, '-', ...CHARACTERS], {
      env: { LC_ALL: 'C.UTF-8' },
    });
    const pattern = new NamePattern([...`[[:${name}:]]`].map((value) => ({ value, isQuoted: false })));
    const answers = CHARACTERS.map((one) => (pattern.matches(one) ? 'yes' : 'no'));
    expect(answers).toEqual(stdout.toString().trim().split('\n'));
  });

  it('is run as a shell would run it, whatever it is', async () => {
    const policy = policyOf(['a', 'b']);
    const texts = fc
      .tuple(fc.constantFrom('a ', 'b ', 'a 1 '), fc.array(fc.constantFrom(...ATOMS), { maxLength: 9 }))
      .map(([first, atoms]) => first + atoms.join(''))
      .filter((text) => decided(text, policy).verdict === 'allow');
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const [one, other] = [await asDriver(text), asShell(text)];
        expect({ text, ...sorted(one) }).toEqual({ text, ...sorted(other) });
      }),
      { numRuns: Number(process.env.SEQUENCE_RUNS ?? 40) },
    );
    expect(readdirSync(work)).toHaveLength(9);
  });

  /** Members of a pipeline run at once: what they say to the same channel comes in any order. */
  function sorted({ stdout, stderr, exitCode }: ReturnType<typeof asShell>) {
    return { exitCode, stdout, stderr: stderr.split('\n').sort() };
  }
});
