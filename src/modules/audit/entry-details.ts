import { depthOf } from '../../kernel/crypto/index.js';
import type { JsonValue } from '../../kernel/problem/index.js';

export type Details = Readonly<Record<string, JsonValue>>;

/** Far deeper than anything of ours; what is deeper still could not be written again. */
const DEEPEST = 32;
/** A text this short is not deep enough to do harm, and nearly all are. */
const SHORT = 256;

/**
 * The object that a stored detail is the text of. Null when it is the text of none: nothing of ours writes such, so
 * somebody who owns the database has changed it, and whoever looks must still be shown the entry.
 */
export function detailsOf(text: string): Details | null {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return text.length > SHORT && depthOf(text) > DEEPEST ? null : (value as Details);
  } catch {
    return null;
  }
}
