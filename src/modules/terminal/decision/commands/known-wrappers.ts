import type { Wrapper } from './wrapper.js';
import { WRAPPERS } from './wrappers.js';

/** A wrapper, prepared for being looked up and taken apart. */
export interface KnownWrapper extends Wrapper {
  readonly first: readonly string[];
  readonly valueOptions: ReadonlySet<string>;
  readonly scriptOptions: readonly string[];
  readonly settingOptions: readonly string[];
  readonly ends: readonly string[];
}

const known: readonly KnownWrapper[] = WRAPPERS.map((wrapper) => ({
  ...wrapper,
  first: words(wrapper.after),
  valueOptions: new Set(words(wrapper.values)),
  scriptOptions: words(wrapper.scripts),
  settingOptions: words(wrapper.settings),
  ends: words(wrapper.until),
}));

/** The ways in which a program runs others; most programs have none. */
export function wrappersFor(program: string): readonly KnownWrapper[] {
  return known.filter(({ programs }) => programs.split(' ').includes(program));
}

function words(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(' ');
}
