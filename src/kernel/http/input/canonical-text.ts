/**
 * Characters that leave no mark: default-ignorable ones (zero-width, soft hyphen, word joiner, variation selectors, tags,
 * Hangul fillers), format and bidirectional controls, control characters, lone surrogates, private and unassigned code
 * points, and the blank Braille pattern.
 */
export const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2800]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/**
 * The one form of all spellings of a text that a person would take for the same: what must be unique is compared by it,
 * so nothing is to be had by respelling.
 *
 * Rule, repeated until nothing changes: NFKC; invisible characters dropped; case folded in full by lower, upper, lower
 * (ß, ẞ and SS are ss; ſ is s; final ς is σ); the Turkish İ and ı count as i, because what looks the same in capitals
 * shall not be two people; outer blanks dropped.
 *
 * The result may be longer than the text. It never fails: every text has a form.
 */
export function canonicalText(text: string): string {
  let form = text;
  for (let previous; previous !== form;) {
    previous = form;
    form = fold(form.normalize('NFKC').replace(ALL_INVISIBLE, '')).normalize('NFKC').trim();
  }
  return form;
}

function fold(text: string): string {
  return text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/gu, 'σ')
    .replace(/i\u0307/gu, 'i');
}
