import { isEmail } from 'class-validator';
import { canonicalText, INVISIBLE } from '../../../kernel/http/index.js';

const MAX_USERNAME = 64;
const MAX_EMAIL = 254;

/**
 * The one form of all spellings of a login: unique keys and failure counters are kept on it, so neither a second account
 * nor a fresh counter is to be had by respelling. A text that is no valid login has a form, too.
 */
export const canonicalLogin = canonicalText;

/**
 * Whether a user may be called this: 1-64 letters, digits, `.`, `_`, `-`, beginning with a letter or digit, letters of
 * one script only (Japanese and Korean count theirs as one), so that no Cyrillic а hides among Latin ones. Never an `@`,
 * so no username reads as somebody's email. Full-width and other compatibility forms are refused.
 */
export function isAcceptableUsername(text: string): boolean {
  if (text.length > 4 * MAX_USERNAME || text.normalize('NFKC') !== text.normalize('NFC')) return false;
  const composed = text.normalize('NFC');
  return (
    [...text].length <= MAX_USERNAME &&
    USERNAME.test(composed) &&
    !INVISIBLE.test(composed) &&
    SCRIPTS.some((script) => script.test(composed))
  );
}

/** Whether a message can be sent there: at most 254 characters, a plain address without a display name, nothing invisible in it. */
export function isAcceptableEmail(text: string): boolean {
  return text.length <= MAX_EMAIL && !INVISIBLE.test(text) && isEmail(text);
}

const USERNAME = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u;

/** Writing systems as they are used: what may stand together in one name. ASCII digits and `._-` go with any. */
const SCRIPTS = [
  ['Latin'],
  ['Cyrillic'],
  ['Greek'],
  ['Arabic'],
  ['Hebrew'],
  ['Armenian'],
  ['Georgian'],
  ['Ethiopic'],
  ['Devanagari'],
  ['Bengali'],
  ['Gujarati'],
  ['Gurmukhi'],
  ['Kannada'],
  ['Malayalam'],
  ['Oriya'],
  ['Sinhala'],
  ['Tamil'],
  ['Telugu'],
  ['Khmer'],
  ['Lao'],
  ['Myanmar'],
  ['Thai'],
  ['Tibetan'],
  ['Mongolian'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
].map((scripts) => {
  const letters = scripts.map((script) => `\\p{Script_Extensions=${script}}`).join('');
  return new RegExp(`^[${letters}0-9._-]+$`, 'u');
});
