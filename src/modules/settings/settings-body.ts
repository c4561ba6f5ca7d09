import { type JsonValue, ValidationFailed } from '../../kernel/problem/index.js';

/** Keys are data here, not fields of a class: the store knows which there are and what they take. */
export function settingsBody(body: unknown): Readonly<Record<string, JsonValue>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ValidationFailed([
      { in: 'body', pointer: '', code: 'object', message: 'The body must be a JSON object.' },
    ]);
  return body as Record<string, JsonValue>;
}
