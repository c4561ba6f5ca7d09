import type { IncomingMessage } from 'node:http';
import { type Problem, RepeatedParameter, Unauthorized } from '../../problem/index.js';

/** Headers that intermediaries disagree about when they come twice: some take the first, some the last. */
const SINGLE = new Set([
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'origin',
  'transfer-encoding',
]);

/** Node merges or drops repeated headers; fewer names than lines tell that there were some. */
export function repeatedHeader(raw: IncomingMessage): Problem | null {
  if (raw.rawHeaders.length === 2 * Object.keys(raw.headers).length) return null;
  const seen = new Set<string>();
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    const name = raw.rawHeaders[at].toLowerCase();
    if (!seen.has(name)) seen.add(name);
    else if (name === 'authorization') return new Unauthorized('Send one Authorization header.');
    else if (SINGLE.has(name)) return new RepeatedParameter(`The header ${name} is given twice.`);
  }
  return null;
}
