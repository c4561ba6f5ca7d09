import { createRequire } from 'node:module';

// The package is CommonJS whose typings describe an ES module; a plain import is typed as something it is not.
const serialize = createRequire(import.meta.url)('canonicalize') as (value: unknown) => string | undefined;

/**
 * The one spelling of a JSON value (RFC 8785): members sorted by UTF-16 code units, shortest numbers, no blanks.
 * Equal values give equal text, so the text can be hashed, compared and signed.
 *
 * @throws TypeError for what JSON cannot express: undefined, functions, NaN, infinities, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  const text = serializeOrRefuse(value);
  // JSON.stringify writes a lone surrogate as an escape, which no well-formed text contains otherwise (RFC 8785 3.2.2.2).
  if (LONE_SURROGATE_ESCAPE.test(text)) throw new TypeError('A lone surrogate has no canonical form');
  return text;
}

const LONE_SURROGATE_ESCAPE = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;

function serializeOrRefuse(value: unknown): string {
  try {
    const text = serialize(value);
    if (text !== undefined) return text;
  } catch (error) {
    throw new TypeError('Not a JSON value', { cause: error });
  }
  throw new TypeError('Not a JSON value');
}
