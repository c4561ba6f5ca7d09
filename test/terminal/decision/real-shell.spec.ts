import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decided, policyOf } from './deciding.js';

const ATOMS = [
  'a',
  'b',
  ' ',
  '  ',
  '\t',
  '\n',
  ';',
  '&&',
  '||',
  '|',
  '&',
  ' a ',
  "'",
  '"',
  '\\',
  '$',
  '`',
  '(',
  ')',
  '{',
  '}',
  '<',
  '>',
  '>/dev/null',
  '2>&1',
  '2>/dev/null',
  '1',
  '2',
  '#',
  '!',
  '~',
  '=',
  '[',
  ']',
  './',
  '/',
  '-',
  '--',
  'x',
  'y=1',
  '"x y"',
  "'x;y'",
  '\\;',
  '\\ ',
  'x"y"z',
  '\\\n',
  ',',
  ':',
  '+',
  'é',
  'if',
  'do',
  'time',
  '..',
  '"\\""',
  "''",
  '&>',
  '|&',
  '<<<',
];

/** Every allowed text is run by bash itself, with programs that only write down how they were called. */
describe('compared with the shell', () => {
  const root = mkdtempSync(join(tmpdir(), 'reeve-shell-'));
  const [programs, work, log] = ['bin', 'work', 'log'].map((name) => join(root, name));

  beforeAll(() => {
    mkdirSync(programs);
    mkdirSync(work);
    for (const name of ['a', 'b'])
      writeFileSync(
        join(programs, name),
        `#!/bin/sh\nprintf '%s\\0' ${name} "$@" >> '${log}'; printf '\\1\\0' >> '${log}'\n`,
        { mode: 0o755 },
      );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('runs exactly the commands that were judged, and touches nothing else', () => {
    const policy = policyOf(['a', 'b']);
    const texts = fc
      .tuple(fc.constantFrom('a ', 'b '), fc.array(fc.constantFrom(...ATOMS), { maxLength: 9 }))
      .map(([first, atoms]) => first + atoms.join(''))
      .filter((text) => decided(text, policy).verdict === 'allow');
    fc.assert(
      fc.property(texts, (text) => {
        rmSync(log, { force: true });
        const { stderr } = spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', text], {
          cwd: work,
          env: { PATH: programs },
          timeout: 10_000,
        });
        const judged = decided(text, policy).segments.map(({ argv }) => argv);
        const ran = existsSync(log)
          ? readFileSync(log, 'utf8')
              .split('\x01\0')
              .slice(0, -1)
              .map((call) => call.split('\0').slice(0, -1))
          : [];
        expect(ran.length).toBeGreaterThan(0);
        for (const argv of ran) expect(judged).toContainEqual(argv);
        expect(stderr.toString()).toBe('');
        expect(readdirSync(work)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
