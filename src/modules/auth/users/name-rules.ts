import { applyDecorators } from '@nestjs/common';
import { EmailAddress, Satisfies, Text } from '../../../kernel/http/index.js';
import { canonicalLogin, isAcceptableEmail, isAcceptableUsername } from '../passwords/canonical-login.js';

/** As wide as the columns `username_key` and `email_key`: the canonical form may be longer than what was typed. */
const USERNAME_KEY_LENGTH = 256;
const EMAIL_KEY_LENGTH = 1024;

/** Stricter than RFC 5322: no quoted local part and nothing by which a mail header could be read as two addresses. */
const PLAIN_EMAIL = /^[^\s"'`(),:;<>@[\]\\]+@[^\s"'`(),:;<>@[\]\\]+$/u;

/** A name that can be looked up by its canonical form among names and addresses without meaning two people. */
export function isUsername(text: string): boolean {
  return isAcceptableUsername(text) && canonicalLogin(text).length <= USERNAME_KEY_LENGTH;
}

/** One plain mail address that stays one in its canonical form. */
export function isPlainEmail(text: string): boolean {
  const key = canonicalLogin(text);
  return (
    [text, key].every((form) => PLAIN_EMAIL.test(form)) &&
    isAcceptableEmail(text) &&
    key.length <= EMAIL_KEY_LENGTH
  );
}

/** Field rule: a username as `isUsername` has it, at most 64 characters. */
export function Username(): PropertyDecorator {
  return applyDecorators(
    Text({ max: 64, example: 'Ada.Lovelace' }),
    Satisfies(
      'username',
      'must be letters, digits, dots, underscores or hyphens of one script, beginning with a letter or digit',
      (value) => typeof value !== 'string' || isUsername(value),
    ),
  );
}

/** Field rule: a mail address as `isPlainEmail` has it, at most 254 characters. */
export function PlainEmail(): PropertyDecorator {
  return applyDecorators(
    EmailAddress(),
    Satisfies(
      'plain_email',
      'must be one plain mail address',
      (value) => typeof value !== 'string' || isPlainEmail(value),
    ),
  );
}
