import fc from 'fast-check';
import {
  TOO_MANY,
  type FoundCommand,
} from '../../../src/modules/terminal/decision/commands/found-command.js';
import { SAFETY_LIST } from '../../../src/modules/terminal/decision/index.js';
import { readAlike } from '../../../src/modules/terminal/decision/text/agreement.js';
import { isOrdinary, surveyOf } from '../../../src/modules/terminal/decision/text/byte-screen.js';
import { findCommands, NotAnalysable } from '../../../src/modules/terminal/decision/text/found-commands.js';
import { readLiteralText } from '../../../src/modules/terminal/decision/text/literal-text.js';
import { commandsBeside, commandsOf } from '../../../src/modules/terminal/decision/text/plain-commands.js';
import { readPlain } from '../../../src/modules/terminal/decision/text/plain-text.js';
import { RESERVED } from '../../../src/modules/terminal/decision/text/reserved-words.js';
import { parseScript } from '../../../src/modules/terminal/decision/text/script.js';
import { ALL_SIGNS, Sign } from '../../../src/modules/terminal/decision/text/signs.js';
import { CORPORA, readCorpus } from './deciding.js';
import { wordsOf } from './words-of.js';

/** Commands without what the parser's answer cannot tell: whether quotes stood around a word. */
function shown(found: readonly FoundCommand[]): unknown[] {
  const subshells = [...new Set(found.map(({ subshell }) => subshell))];
  return found.map((command) => {
    const { argv, program, redirects, handed, definition, inBackground, runBy } = command;
    const { pipeline, feeds, subshell, signs } = command;
    return {
      argv,
      program: program?.name,
      redirects,
      handed,
      definition,
      inBackground,
      runBy,
      // What is filled in may have any sign.
      signs: signs === ALL_SIGNS ? signs : signs & ~Sign.Quote,
      pipeline: pipeline?.map((stage) => found.indexOf(stage)),
      feeds: feeds && found.indexOf(feeds),
      subshell: subshell && subshells.indexOf(subshell),
    };
  });
}

/** Fails unless the other two readers say the same of a text, if it is plain; answers whether it is. */
function isPlainToAll(text: string): boolean {
  const plain = readPlain(text);
  if (plain === undefined) return false;
  // Parts of texts are remembered when they come the second time.
  readPlain(text);
  const again = readPlain(text);
  const parsed = parseScript(text);
  if (!isOrdinary(surveyOf(text)) || parsed.fault !== undefined)
    throw new Error(`\`${text}\` is no complete text: ${parsed.fault ?? 'foreign'}`);
  const literal = readLiteralText(text);
  if (plain.notLiteral !== undefined)
    expect([text, literal]).toMatchObject([text, { code: plain.notLiteral }]);
  else if (!Array.isArray(literal) || !readAlike(parsed.script, literal))
    throw new Error(`\`${text}\` is not literal`);
  let all: FoundCommand[];
  try {
    all = commandsOf(plain.commands);
  } catch (error) {
    expect(error).toEqual(new NotAnalysable(TOO_MANY));
    expect(() => findCommands(parsed.script)).toThrow(TOO_MANY);
    return true;
  }
  const own = shown(all);
  const asParsed = shown(findCommands(parsed.script));
  const asLiteral = Array.isArray(literal) ? shown(commandsBeside(literal)) : asParsed;
  const wanted = JSON.stringify(own);
  const asRemembered = again && shown(commandsOf(again.commands));
  if (JSON.stringify(asRemembered) !== wanted) expect([text, asRemembered]).toEqual([text, own]);
  // Most are alike; what differs is told in full.
  if (JSON.stringify(asParsed) !== wanted) expect([text, asParsed]).toEqual([text, own]);
  if (JSON.stringify(asLiteral) !== wanted) expect([text, asLiteral]).toEqual([text, own]);
  return true;
}

function countPlain(texts: Iterable<string>): number {
  let plain = 0;
  for (const text of texts) if (isPlainToAll(text)) plain++;
  return plain;
}

describe('a text that needs no parser', () => {
  it('is read as the parser and the reader of literal texts read it, in all corpora', () => {
    const texts = new Set(SAFETY_LIST.flatMap(({ match, notMatch }) => [...match, ...notMatch]));
    for (const name of [...CORPORA, 'programs.json'])
      for (const { command } of readCorpus(name))
        // The words as well: some of them are scripts.
        for (const text of typeof command === 'string' ? [command] : command) texts.add(text);
    for (const text of [...texts]) {
      const read = readPlain(text);
      for (const { argv } of read?.commands ?? []) for (const word of argv) texts.add(word);
      for (const part of text.split(/['"`()]/)) texts.add(part);
    }
    expect(texts.size).toBeGreaterThan(5_000);
    expect(countPlain(texts)).toBeGreaterThan(2_000);
  });

  it('is read so wherever a character stands', () => {
    for (let code = 0; code < 0x300; code++) {
      const one = String.fromCharCode(code);
      const around = [
        one,
        `${one}a`,
        `a${one}`,
        `a${one}b`,
        `'${one}'`,
        `"${one}"`,
        `"a${one}b"`,
        `--a=${one}`,
      ];
      countPlain(around.flatMap((word) => [word, `a ${word}`, `a x ${word} y`, `${word} y`, `a;${word}`]));
    }
  });

  it('is read so whatever few characters it is made of', () => {
    const characters = [...` a1-=.;&|'"{}\\*~#/>$()`];
    const texts = ['', ...wordsOf(characters, 3)];
    expect(countPlain(texts)).toBeGreaterThan(100);
    expect(countPlain(texts.map((text) => `ls ${text}`))).toBeGreaterThan(500);
    expect(countPlain(texts.map((text) => `ls "${text}" b`))).toBeGreaterThan(500);
    expect(countPlain(texts.map((text) => `ls a${text}b`))).toBeGreaterThan(500);
  });

  it('is read so with words that mean something to a shell at every place', () => {
    const meaning = [
      ...RESERVED,
      ...'export local alias declare typeset readonly eval let test [ . : source exec command builtin'.split(
        ' ',
      ),
      ...'a=b A=1 a+=b a[0]=b =a -a=b --a=b "a=b" 1 2 - -- {} \\; {a} %1 @a +a , a,b "" \'\' \'a;b\' a"b" "a"b > >> < > f <x >&2 2>x >/dev/null $(a) $(a;b) $(a|b)c $() (a) $((1)) $(echo) $(<x) $(a>b)'.split(
        ' ',
      ),
    ];
    meaning.push(
      '"a b"',
      "'if x; then'",
      '"a=b c"',
      '> out',
      '2> out',
      '$( a  "b" )',
      '$(a > b)',
      '$(a $(b))',
      '$(printf x)',
    );
    let plain = 0;
    for (const one of meaning)
      for (const other of meaning) {
        const pair = [
          `${one} ${other}`,
          `ls ${one} ${other}`,
          `ls; ${one} ${other}`,
          `ls&&${one} x|${other} y`,
        ];
        plain += countPlain([...pair, `${one};${other}`, `${one} ${other} ls;`, ` ${one}  ${other} `]);
      }
    expect(plain).toBeGreaterThan(2_000);
  });

  it('is read so when words and separators are put together at random', () => {
    const word = fc.constantFrom(
      ...`ls git cat if for export a=b -a=b --all "a b" 'c;d' "*.ts" {} \\; x/y 1 "" : % time in do $(a) $(b;c) >x <y`.split(
        ' ',
      ),
    );
    const between = fc.constantFrom(
      ' ',
      ' ',
      ' ',
      '  ',
      ';',
      '; ',
      ' && ',
      '&&',
      ' || ',
      '|',
      ' | ',
      ' & ',
      '',
    );
    const part = fc.tuple(word, between).map((pair) => pair.join(''));
    const numRuns = Number(process.env.PLAIN_TEXT_RUNS ?? 5_000);
    let plain = 0;
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        if (isPlainToAll(parts.join(''))) plain++;
      }),
      { numRuns },
    );
    expect(plain).toBeGreaterThan(numRuns / 50);
  });

  it('is not one in which something is set, filled in, left running or not complete', () => {
    for (const text of [
      '',
      ' ',
      ';',
      'a=b ls',
      'export a=b',
      'ls &',
      'ls & ls',
      'ls |& cat',
      'ls |',
      'ls &&',
      'ls;; ls',
      '; ls',
      'ls $x',
      'ls "$x"',
      'ls `x`',
      'ls > /dev/null',
      'ls 2>&1',
      'ls >| x',
      'ls > $x',
      'ls > "x"',
      '> x',
      'ls $(a $(b))',
      'ls $(echo a)',
      'ls $( printf a)',
      'ls $()',
      'ls $(a;)',
      'ls $((1))',
      'ls "$(a)"',
      'ls a$(b)',
      'ls $(a)b',
      'ls $(a',
      'ls a)',
      'ls <(a)',
      '$(ls)',
      'ls > $(a)',
      'ls *',
      'ls ~',
      'ls # x',
      'ls\nls',
      'ls "a',
      "ls 'a",
      'l"s"',
      '"ls"',
      'ls a"b"',
      'ls {a,b}',
      'ls "a\\"b"',
      'ls "!x"',
      'if ls',
      '! ls',
      'ls\u00e9',
    ])
      expect([text, readPlain(text)]).toEqual([text, undefined]);
  });
});
