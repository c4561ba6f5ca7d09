import { withoutClasses } from '../text/name-pattern.js';
import { programNameOf } from './program-name.js';

const IS_PATTERN = /[*?]|\[.+\]/;
/** A class that is written otherwise than in a regular expression. */
const IS_ODD_CLASS = /\[[!^]?\]|\[[:.=]/;

/** What a pattern that stands for a program may find: one without directories, or in one that is named in full. */
export function programPattern(word: string): RegExp | undefined {
  if (!IS_PATTERN.test(word) || !/^\/|^[^/]*$/.test(word)) return undefined;
  const called = programNameOf(word);
  const name = IS_ODD_CLASS.test(called) ? withoutClasses(called, '?') : called;
  if (!IS_PATTERN.test(name) || /^\*+$/.test(name)) return undefined;
  const source = name
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[!/g, '[^');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}
