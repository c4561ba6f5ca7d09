import { FewWords } from '../text/few-words.js';
import { Sign } from '../text/signs.js';
import type { Wrapper } from './wrapper.js';
import { WRAPPERS } from './wrappers.js';

/** Options by how they are written: `--command`, `-c`. */
export interface Spellings {
  readonly long: readonly string[];
  readonly short: readonly string[];
}

/**
 * A wrapper, prepared for being looked up and taken apart. Every one has the same members, also where the data leaves
 * some out: reading what is only sometimes there is slow.
 */
export interface KnownWrapper {
  readonly programs: readonly string[];
  readonly runs: Wrapper['runs'];
  readonly operands: number;
  readonly where: RegExp;
  /** Signs without one of which there is nothing; 0 where none of them tells. */
  readonly needs: number;
  readonly readsInput: boolean;
  readonly first: readonly string[];
  readonly valueOptions: FewWords;
  readonly scriptOptions: Spellings;
  readonly settingOptions: Spellings;
  readonly ends: readonly string[];
}

const MAY_HOLD_COMMANDS = /\s|[([;]/;

const known: readonly KnownWrapper[] = WRAPPERS.map((wrapper) => ({
  programs: words(wrapper.programs),
  runs: wrapper.runs,
  operands: wrapper.operands ?? 0,
  where: wrapper.where ?? MAY_HOLD_COMMANDS,
  needs: wrapper.needs ?? (wrapper.where === undefined ? Sign.Inside : 0),
  readsInput: wrapper.readsInput === true,
  first: words(wrapper.after),
  valueOptions: new FewWords(words(wrapper.values)),
  scriptOptions: spellings(wrapper.scripts),
  settingOptions: spellings(wrapper.settings),
  ends: words(wrapper.until),
}));

/** The ways in which a program runs others; most programs have none. */
export function wrappersFor(program: string): readonly KnownWrapper[] {
  return known.filter(({ programs }) => programs.includes(program));
}

/** The words without which a way to run others cannot be meant. */
export function firstWordsOf(wrappers: readonly KnownWrapper[]): FewWords {
  return new FewWords(wrappers.flatMap(({ first }) => first.slice(0, 1)));
}

function spellings(list: string | undefined): Spellings {
  const options = words(list);
  return {
    long: options.filter((option) => option.startsWith('--')),
    short: options.filter((option) => !option.startsWith('--')),
  };
}

function words(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(' ');
}
