/**
 * How a column's values are handed over: `json` is JSON text, `bytes` is hexadecimal, `plain` is an identifier or a time,
 * `text` is anything.
 */
export type Spelling = 'json' | 'bytes' | 'plain' | 'text';

/**
 * A whole array as one text, as PostgreSQL reads it (its manual §8.15.6). The driver would spell it element by element,
 * at several times the cost, which whoever writes audit entries all day notices.
 */
export function arrayLiteral(values: readonly (string | null)[], spelling: Spelling = 'text'): string {
  const quoted = QUOTED[spelling];
  let literal = '{';
  let separator = '';
  for (const value of values) {
    literal += separator;
    literal += value === null ? 'NULL' : quoted(value);
    separator = ',';
  }
  return `${literal}}`;
}

/** One value as a parameter of its own. */
export function literal(value: string | null, spelling?: Spelling): string | null {
  return value !== null && spelling === 'bytes' ? `\\x${value}` : value;
}

const QUOTED: Readonly<Record<Spelling, (value: string) => string>> = {
  plain: (word) => word,
  bytes: (hex) => `"\\\\x${hex}"`,
  // JSON text holds no control characters, and but for those both languages quote alike.
  json: (text) => JSON.stringify(text),
  text: (text) => (HAS_SPECIALS.test(text) ? `"${text.replace(SPECIALS, '\\$&')}"` : `"${text}"`),
};

const HAS_SPECIALS = /["\\]/;
const SPECIALS = /["\\]/g;
