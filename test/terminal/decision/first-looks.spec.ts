import {
  isOfKind,
  kindOf,
  KINDS,
  PLAIN_PASSES,
} from '../../../src/modules/terminal/decision/guards/word-kinds.js';
import { analyseAnew } from '../../../src/modules/terminal/decision/analysis.js';
import { WRAPPERS } from '../../../src/modules/terminal/decision/commands/wrappers.js';
import { mayNamePlace } from '../../../src/modules/terminal/decision/safety/names-place.js';
import { PLACES } from '../../../src/modules/terminal/decision/safety/safety-list.js';
import { tidyPath } from '../../../src/modules/terminal/decision/safety/tidy-path.js';
import { FewWords } from '../../../src/modules/terminal/decision/text/few-words.js';
import {
  findPrivatePlace,
  mayNamePrivatePlace,
  PRIVATE,
} from '../../../src/modules/terminal/decision/text/private-places.js';
import { signsIn, signsOfArguments } from '../../../src/modules/terminal/decision/text/signs.js';
import { CORPORA, readCorpus } from './deciding.js';
import { wordsOf } from './words-of.js';

/** Words as they come, and every part of them between characters that are no letters and no digits. */
const WORDS = [
  ...new Set(
    ['terminal-policy.json', 'own.json', 'disguises.json']
      .flatMap((name) => readCorpus(name))
      .flatMap(({ command }) => (typeof command === 'string' ? command.split(/\s+/) : command))
      .flatMap((word) => [word, ...word.split(/[^A-Za-z0-9]+/)]),
  ),
];
/** Every word of up to three of the characters that such patterns are about. */
const SHORT = wordsOf([...'/~$_.*-=@:?[]!{}H0a'], 3);

/** Names of places, of which such a word is the part that tells. */
const BETWEEN = [
  (short: string) => `etc${short}shadow`,
  (short: string) => `${short}id_rsa`,
  (short: string) => `a${short}ssh${short}identity`,
  (short: string) => `${short}HOME`,
];

describe('a first look', () => {
  it('passes on every word in which a pattern for places finds something', () => {
    let found = 0;
    for (const word of [...WORDS, ...SHORT, ...BETWEEN.flatMap((between) => SHORT.map(between))])
      for (const pattern of PLACES) {
        if (!pattern.test(tidyPath(word))) continue;
        found++;
        if (!mayNamePlace(word)) expect(`${word} is found by ${pattern.source}`).toBe('');
      }
    expect(found).toBeGreaterThan(100);
  });

  it('passes on every word that names a private place', () => {
    let found = 0;
    for (const word of [...WORDS, ...SHORT, ...BETWEEN.flatMap((between) => SHORT.map(between))]) {
      if (!PRIVATE.test(word)) continue;
      found++;
      const isLookedAt = mayNamePrivatePlace(['cat', word], signsIn(word));
      if (!isLookedAt || findPrivatePlace(['cat', word], false) === undefined)
        expect(word).toBe('looked at and found');
    }
    expect(found).toBeGreaterThan(100);
  });

  it('passes on every word in which a program may find text to run', () => {
    let found = 0;
    for (const { where, needs } of WRAPPERS)
      for (const word of where === undefined || needs === undefined
        ? []
        : [...WORDS, ...SHORT, 'ext::sh', '1e '])
        if (where?.test(word) === true) {
          found++;
          if ((signsIn(word) & (needs ?? 0)) === 0) expect(word).toBe('looked at');
        }
    expect(found).toBeGreaterThan(2);
  });

  it('knows at least the signs that are there, of every command anywhere in a text', () => {
    let looked = 0;
    for (const name of CORPORA)
      for (const { command } of readCorpus(name)) {
        const analysis = analyseAnew(typeof command === 'string' ? { text: command } : { argv: command });
        for (const { argv, redirects, signs } of analysis.fault === undefined ? analysis.found : []) {
          const there = redirects.reduce((all, { target }) => all | signsIn(target), signsOfArguments(argv));
          looked++;
          if ((there & ~signs) !== 0) expect([command, argv, there]).toBe(signs);
        }
      }
    expect(looked).toBeGreaterThan(2_000);
  });

  it('at few words answers as a set does', () => {
    const few = new FewWords(['exec', 'x', 'run', '-u', '']);
    const set = new Set(['exec', 'x', 'run', '-u', '']);
    for (const word of [...SHORT, ...WORDS, ...set, 'exec'.repeat(20)])
      if (few.has(word) !== set.has(word)) expect(word).toBe('answered alike');
  });

  it('lets a plain word pass only where the pattern of its kind does', () => {
    const plain = [...WORDS.filter((word) => /^[A-Za-z0-9]+$/.test(word)), ...wordsOf([...'aZ09e'], 4)];
    expect(plain.length).toBeGreaterThan(1_000);
    for (const kind of PLAIN_PASSES)
      for (const word of plain)
        if (!KINDS[kind].test(word)) expect(`\`${word}\` is not of the kind ${kind}`).toBe('');
  });

  it('answers for every other word as the pattern does', () => {
    for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[])
      for (const word of [...SHORT, '', ...WORDS.slice(0, 2_000)])
        if (isOfKind(kindOf(kind), word) !== KINDS[kind].test(word))
          expect([kind, word]).toBe('judged alike');
  });
});
