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
      'must consist of visible characters',
      (value) => typeof value !== 'string' || isName(value),
    ),
  );
}

function isName(name: string): boolean {
  const key = nameKey(name);
  return key !== '' && key.length <= KEY_LENGTH && !INVISIBLE.test(name);
}
