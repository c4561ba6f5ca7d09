import type { BreachCheck } from './breach-check.js';
import { isCommonPassword } from './common-passwords.js';
import { containsIdentifier, type PasswordIdentifiers } from './contained-identifiers.js';
import { isGuessable } from './guessability.js';

export type { PasswordIdentifiers };

export const MINIMUM_PASSWORD_LENGTH = 12;
export const MAXIMUM_PASSWORD_LENGTH = 128;

/** No text of so many UTF-16 units composes to 128 code points; what is longer is not even normalised. */
const LONGEST_READ = 2048;

/** Why a password was refused. */
export type PasswordViolationCode =
  | 'min_length'
  | 'max_length'
  | 'common_password'
  | 'contains_identifier'
  | 'too_guessable'
  | 'breached_password';

export interface PasswordViolation {
  readonly code: PasswordViolationCode;
  /** For the person who chose it: what to do. Never repeats the password. */
  readonly message: string;
}

export interface PasswordPolicyOptions {
  /** In code points. Default 12. */
  readonly minimumLength?: number;
  /** Absent: passwords are not looked up in breach lists. */
  readonly breachCheck?: BreachCheck;
}

/**
 * What a new password must be: long enough, not too long, and hard to guess for others. It asks for no kinds of
 * characters (NIST SP 800-63B): any text, blanks and emoji included, is as good as it is long and unusual.
 *
 * Judged is the NFKC form, which is what is hashed.
 */
export class PasswordPolicy {
  private readonly minimumLength: number;
  private readonly breachCheck: BreachCheck | undefined;

  constructor(options: PasswordPolicyOptions = {}) {
    this.minimumLength = options.minimumLength ?? MINIMUM_PASSWORD_LENGTH;
    this.breachCheck = options.breachCheck;
  }

  /**
   * All reasons against the password; none means it may be used. One that is too long or too short is not looked at
   * further, and the breach list is asked only about a password that passes everything else.
   *
   * @param minimumLength for an account with a minimum of its own, for instance lower behind a second factor.
   */
  async violations(
    password: string,
    identifiers: PasswordIdentifiers,
    minimumLength: number = this.minimumLength,
  ): Promise<PasswordViolation[]> {
    if (password.length > LONGEST_READ) return [tooLong()];
    const normalized = password.normalize('NFKC');
    const length = codePoints(normalized);
    if (length > MAXIMUM_PASSWORD_LENGTH) return [tooLong()];
    // Compatibility forms can grow when normalised (one typed ﷺ becomes 18 letters): count what was chosen as well.
    if (Math.min(length, codePoints(password)) < minimumLength) return [tooShort(minimumLength)];
    const violations = await judge(password, normalized, identifiers);
    if (violations.length === 0 && (await this.breachCheck?.isBreached(normalized)))
      violations.push(BREACHED);
    return violations;
  }
}

async function judge(
  typed: string,
  normalized: string,
  identifiers: PasswordIdentifiers,
): Promise<PasswordViolation[]> {
  const violations: PasswordViolation[] = [];
  if (isCommonPassword(normalized)) violations.push(COMMON);
  if (containsIdentifier(normalized, identifiers)) violations.push(CONTAINS_IDENTIFIER);
  if (!isBeyondGuessLists(typed) && (await isGuessable(normalized))) violations.push(TOO_GUESSABLE);
  return violations;
}

/**
 * Emoji and other symbols from beyond the basic plane, and nothing else: no guess list and no model of typing knows
 * them, so their number alone counts, without what only joins or colours them.
 */
function isBeyondGuessLists(typed: string): boolean {
  const symbols = typed.replace(/\uFE0F|\u200D/gu, '');
  return codePoints(symbols) >= MINIMUM_PASSWORD_LENGTH && BEYOND_GUESS_LISTS.test(symbols);
}

const BEYOND_GUESS_LISTS = /^[\p{Extended_Pictographic}\u{10000}-\u{10FFFF}]+$/u;

function codePoints(text: string): number {
  return [...text].length;
}

function tooShort(minimum: number): PasswordViolation {
  return {
    code: 'min_length',
    message: `Use at least ${minimum} characters; several unrelated words are easy to remember.`,
  };
}

function tooLong(): PasswordViolation {
  return { code: 'max_length', message: `Use at most ${MAXIMUM_PASSWORD_LENGTH} characters.` };
}

const COMMON: PasswordViolation = {
  code: 'common_password',
  message: 'Many people use this password or one very like it. Choose several unrelated words instead.',
};

const CONTAINS_IDENTIFIER: PasswordViolation = {
  code: 'contains_identifier',
  message: 'Leave out your name, your email address, and the names of the product and your organisation.',
};

const TOO_GUESSABLE: PasswordViolation = {
  code: 'too_guessable',
  message:
    'This follows a pattern that is quickly guessed. Add unrelated words, and avoid repetitions, dates and rows of keys.',
};

const BREACHED: PasswordViolation = {
  code: 'breached_password',
  message:
    'This password is in a published list of stolen passwords. Choose another, and change it wherever else you use it.',
};
