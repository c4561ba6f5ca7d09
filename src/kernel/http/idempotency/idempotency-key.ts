import { InvalidIdempotencyKey } from '../../problem/index.js';

const LONGEST = 255;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * The key of an Idempotency-Key header. `draft-ietf-httpapi-idempotency-key-header` makes it a quoted structured-field
 * string (RFC 8941 §3.3.3); most clients send it bare. Both spellings of one text are one key.
 */
export function idempotencyKey(header: string): string {
  const quoted = QUOTED.exec(header);
  const key = quoted === null ? header : quoted[1].replace(/\\(["\\])/g, '$1');
  const isBare = quoted === null && !header.startsWith('"');
  if (key.length > LONGEST || !VISIBLE_ASCII.test(key) || (quoted === null && !isBare))
    throw new InvalidIdempotencyKey();
  return key;
}
