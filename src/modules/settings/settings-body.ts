import { requireObject } from '../../kernel/http/index.js';
import type { JsonValue } from '../../kernel/problem/index.js';

/** Keys are data here, not fields of a class: the store knows which there are and what they take. */
export function settingsBody(body: unknown): Readonly<Record<string, JsonValue>> {
  return requireObject(body, 'body') as Record<string, JsonValue>;
}
