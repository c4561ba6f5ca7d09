import { applyDecorators } from '@nestjs/common';
import { canonicalText, INVISIBLE, Satisfies, Text } from '../../../kernel/http/index.js';

/** As wide as the columns `name_key`: the canonical form may be longer than what was typed. */
const KEY_LENGTH = 256;

/** What names are compared by: `Admin`, `admin ` and `ａｄｍｉｎ` are one name. */
export function nameKey(name: string): string {
  return canonicalText(name).replace(/\s/gu, '');
}

/** Field rule: a name that can be seen and told from others. */
export function PlainName(options: { max: number; example: string }): PropertyDecorator {
  return applyDecorators(
    Text(options),
    Satisfies(
      'name',
      'must consist of visible characters, and no word of look-alikes from another alphabet',
      (value) => typeof value !== 'string' || isName(value),
    ),
  );
}

function isName(name: string): boolean {
  const key = nameKey(name);
  return key !== '' && key.length <= KEY_LENGTH && !INVISIBLE.test(name) && !mixesAlphabets(name);
}

/** Their letters look alike, so that no Cyrillic а hides in a Latin admin. */
const ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

function mixesAlphabets(name: string): boolean {
  const words = name.normalize('NFKC').split(/[^\p{L}\p{M}]+/u);
  return words.some((word) => ALIKE.filter((alphabet) => alphabet.test(word)).length > 1);
}
