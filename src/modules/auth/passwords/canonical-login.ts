import { isEmail } from 'class-validator';

const MAX_USERNAME = 64;
const MAX_EMAIL = 254;

/**
 * Characters that leave no mark: default-ignorable ones (zero-width, soft hyphen, word joiner, variation selectors, tags,
 * Hangul fillers), format and bidirectional controls, control characters, lone surrogates, private and unassigned code
 * points, and the blank Braille pattern.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2800]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/**
 * The one form of all spellings of a login that a person would take for the same: unique keys and failure counters are
 * kept on it, so neither a second account nor a fresh counter is to be had by respelling.
 *
 * Rule, repeated until nothing changes: NFKC; invisible characters dropped; case folded in full by lower, upper, lower
 * (ß, ẞ and SS are ss; ſ is s; final ς is σ); the Turkish İ and ı count as i, because what looks the same in capitals
 * shall not be two people; outer blanks dropped.
 *
 * The result may be longer than the text. It never fails: a text that is no valid login has a form, too.
 */
export function canonicalLogin(text: string): string {
  let form = text;
  for (let previous; previous !== form;) {
    previous = form;
    form = fold(form.normalize('NFKC').replace(ALL_INVISIBLE, '')).normalize('NFKC').trim();
  }
  return form;
}

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

function fold(text: string): string {
  return text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/gu, 'σ')
    .replace(/i\u0307/gu, 'i');
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
