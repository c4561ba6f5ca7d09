import { CheckedParam } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import type { Entropy } from '../../../kernel/runtime/index.js';

/** Consonants without Y: no letter looks like a digit, and no word can come out (RFC 8628 §6.1). */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);
/** What people put between letters when they copy them. */
const SEPARATORS = /[\s\u2010-\u2015-]/g;

/** Typed by people: 34.5 random bits, enough because a code lives for minutes and guesses are counted. */
export function drawUserCode(entropy: Entropy): string {
  let letters = '';
  while (letters.length < LENGTH) {
    const [byte] = entropy.bytes(1);
    // What is left above the last multiple of 20 would make some letters likelier than others.
    if (byte < 240) letters += ALPHABET[byte % ALPHABET.length];
  }
  return spelled(letters);
}

/** The one spelling that is stored and shown, `WDJB-MJHT`, whatever case and hyphens were typed; null for no code. */
export function canonicalUserCode(typed: string): string | null {
  const letters = typed.replace(SEPARATORS, '').toUpperCase();
  return CODE.test(letters) ? spelled(letters) : null;
}

function spelled(letters: string): string {
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/** What cannot be a code is nobody's, and answers exactly like a code that nobody has. */
export function PathUserCode(): ParameterDecorator {
  return CheckedParam('userCode', (typed) => {
    const code = canonicalUserCode(typed);
    if (code === null) throw new NotFound();
    return code;
  });
}
