import { dictionary } from '@zxcvbn-ts/language-common';
import { unleet } from './leet.js';
import { repeatedUnit } from './repetition.js';

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Shorter entries are too likely to be part of something good. */
const SHORTEST_CORE = 4;

/** Up to so many characters around a common password do not make it a good one. */
const LONGEST_DECORATION = 6;

/**
 * Whether the password is on the list of common ones, also with capitals, written in leet, repeated (`monkeymonkey`), backwards, or
 * with a few digits and signs put around it (`Sunshine-2026!`).
 */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  const unit = repeatedUnit(text);
  return [text, unit, undecorated(text), undecorated(unit)].some(isListed);
}

function isListed(text: string): boolean {
  const plain = unleet(text);
  return [text, plain, reversed(text), reversed(plain)].some((spelling) => COMMON.has(spelling));
}

/** Without the signs and digits at both ends, if these are few; otherwise unchanged. */
function undecorated(text: string): string {
  const core = /^[^\p{L}]*(.*?)[^\p{L}]*$/su.exec(text)?.[1] ?? '';
  const isFew = core.length >= SHORTEST_CORE && text.length - core.length <= LONGEST_DECORATION;
  return isFew ? core : text;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
