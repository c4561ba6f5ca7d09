import { analyseAnew } from '../../../src/modules/terminal/decision/analysis.js';
import { findCommands, NotAnalysable } from '../../../src/modules/terminal/decision/text/found-commands.js';
import { parseScript, TOO_COMPLEX } from '../../../src/modules/terminal/decision/text/script.js';
import { decided, policyOf } from './deciding.js';

const filled = (unit: string, before = '') => (before + unit.repeat(10_000)).slice(0, 10_000);
const UNITS = [
  '$(',
  '$( ")" ',
  '(',
  ')',
  '`',
  '{ ',
  '${',
  '${a:-',
  '((',
  '$((',
  '"$(',
  '<<a ',
  '<<a\n',
  'if ',
  '! ',
  '[[ ',
  'case a in ',
  '{a,',
  '@(',
  '`\\',
  '<(',
  'f() ',
  'a|',
  '[',
  'a[',
  '$[',
  "$'\\",
  '$(cat <<E\n',
  'time ',
  'function a { ',
  'for((;;)) ',
  'a=(',
  'a&&',
  '((1?',
  '((-',
  '$((a[',
  '>',
  '2>&1 ',
  '&',
  '\n',
  '; ',
  'a=b ',
  '"',
  '"$x',
  '{1..9}',
  '~',
  'while ',
  'coproc ',
  '#\n',
  '?(',
  '*',
  'a[$(',
  '${a[$(',
  '${a//',
  '<<<"$(',
  '"${a:-"',
  'sudo ',
  'eval ',
  "bash -c '",
  'env ',
  'find -exec ',
  'xargs ',
];

describe('work', () => {
  it('is refused before it is begun when brackets lie too deep', () => {
    for (const unit of ['$(', '(', '{ ', '${a:-', '"$(', '<(', '[[ ( ', '$((', '<<a '])
      expect([unit, parseScript(filled(unit))]).toEqual([unit, { fault: TOO_COMPLEX }]);
  });

  it('ends after a number of steps, whatever is repeated', () => {
    const policy = policyOf(['ls']);
    for (const unit of UNITS)
      for (const before of ['', 'echo '])
        expect([unit, decided(filled(unit, before), policy).verdict]).not.toEqual([unit, 'allow']);
  });

  it('on substitutions in each other is bounded by depth', () => {
    const nested = (depth: number) => `echo ${'$(echo '.repeat(depth)}x${')'.repeat(depth)}`;
    expect(analyseAnew({ text: nested(10) })).toMatchObject({ fault: undefined });
    expect(analyseAnew({ text: nested(20) })).toEqual({ fault: TOO_COMPLEX });
  });

  it('on words is bounded by their number', () => {
    const { script } = parseScript(`echo ${'$(( 1 + 1 )) '.repeat(30)}`) as Extract<
      ReturnType<typeof parseScript>,
      { fault?: undefined }
    >;
    expect(findCommands(script)).toHaveLength(1);
    const wide = parseScript(`a=(${'x '.repeat(25_000)})`);
    expect(() => findCommands((wide as typeof wide & { fault?: undefined }).script)).toThrow(NotAnalysable);
  });

  it('on scripts inside scripts ends at the fourth', () => {
    const wrapped = (text: string) => `sh -c '${text.replaceAll("'", `'\\''`)}'`;
    let command = 'id';
    for (let depth = 1; depth <= 4; depth++) {
      command = wrapped(command);
      expect(analyseAnew({ text: command })).toMatchObject({ fault: undefined });
    }
    expect(analyseAnew({ text: wrapped(command) })).toEqual({ fault: TOO_COMPLEX });
  });

  it('on what a script fills in is bounded by how much that is', () => {
    let functions = 'f0() { echo "$@"; }; ';
    for (let level = 1; level < 9; level++)
      functions += `f${level}() { f${level - 1} ${'$@ '.repeat(8)}; }; `;
    for (const text of [`${functions}f8 x y`, `a='${'x '.repeat(1_000)}'; echo ${'$a'.repeat(500)}`])
      expect(analyseAnew({ text })).toEqual({ fault: TOO_COMPLEX });
  });

  it('on functions that are called again and again is bounded by what is found in them', () => {
    const logging = (calls: number) => `log() { echo "$1"; }; ${'log a; '.repeat(calls)}`;
    expect(analyseAnew({ text: logging(40) })).toMatchObject({ fault: undefined });
    let doubling = 'f0() { rm "$1"; }; ';
    for (let level = 1; level < 12; level++)
      doubling += `f${level}() { f${level - 1} a$1; f${level - 1} b$1; }; `;
    expect(analyseAnew({ text: `${doubling}f11 x` })).toMatchObject({
      fault: expect.stringContaining('more than 50 commands') as string,
    });
  });

  it('on words of a script for another program has one way to read each text', () => {
    const policy = policyOf(['sed']);
    for (const unit of ['p   }', '1   p;', '1,5p;', '$!p;', '/a/,/b/p;', 's/a/b/ ;', 'y/a/b/;'])
      expect([unit, decided(`sed -n '${unit.repeat(200)}X'`, policy).verdict]).toEqual([unit, 'approve']);
    for (const blanks of [' '.repeat(9_000), '\t'.repeat(9_000)])
      expect(decided(`x $(echo${blanks}$y)`, policy).verdict).not.toBe('allow');
  });

  it('on runners that run runners ends too', () => {
    expect(decided(`${'sudo '.repeat(500)}ls`, policyOf(['ls']))).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'not_analysable' }],
    });
  });
});
