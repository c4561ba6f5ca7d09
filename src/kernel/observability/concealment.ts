import { Secret } from '../crypto/secret.js';

/**
 * Keeps secrets out of the log in two ways that do not trust each other: `concealFields` hides what a field's name says
 * is secret while a line is still an object, `concealText` hides what looks like a secret in the finished line,
 * wherever it came from: a message, a stack, a header quoted in somebody else's error.
 */
export const HIDDEN = '[hidden]';
const DEEPEST = 5;
const MOST_ITEMS = 50;
const LONGEST_TEXT = 8_192;

const SECRET_NAME =
  /passw|passphrase|secret|token|authorization|cookie|credential|assertion|(^|api|private|service|user|signing|encryption)[-_]?key$/i;

/** Numbers and booleans stay: `tokens: 3` and `hasPassword: true` tell nobody a secret. */
const isHarmless = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean';

export function concealFields(fields: Record<string, unknown>): Record<string, unknown> {
  return concealedObject(fields, 0);
}

function concealedObject(object: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object))
    copy[name] = SECRET_NAME.test(name) && !isHarmless(value) ? HIDDEN : concealedValue(value, depth + 1);
  return copy;
}

function concealedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return HIDDEN;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return describeError(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => concealedValue(item, depth + 1));
  // Of a socket or an entity nobody knows all that hangs on it, so it is named and not opened.
  return isPlain(value) ? concealedObject(value, depth) : `[${value.constructor.name}]`;
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const shortened = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`;

/** What of an error helps to find its cause. A list of what may be shown, since drivers add parameters and rows. */
const SHOWN_OF_ERRORS = [
  'code',
  'errno',
  'syscall',
  'address',
  'port',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'responseCode',
] as const;

export interface DescribedError {
  type: string;
  message: string;
  stack?: string;
  cause?: DescribedError;
  errors?: DescribedError[];
  [field: string]: unknown;
}

export function describeError(error: Error, depth = 0): DescribedError {
  const described: DescribedError = {
    type: error.constructor?.name ?? error.name,
    message: shortened(error.message),
    stack: error.stack === undefined ? undefined : shortened(error.stack),
  };
  for (const field of SHOWN_OF_ERRORS) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === 'string' || typeof value === 'number') described[field] = value;
  }
  if (depth === 3) return described;
  if (error.cause instanceof Error) described.cause = describeError(error.cause, depth + 1);
  if (error instanceof AggregateError)
    described.errors = error.errors
      .slice(0, 5)
      .filter((inner): inner is Error => inner instanceof Error)
      .map((inner) => describeError(inner, depth + 1));
  return described;
}

// Every repetition before a required character is bounded, so that a hostile line costs linear time.
const OWN_TOKEN = /rv_[a-z]{1,8}_[A-Za-z0-9_-]{10,}/g;
const JSON_WEB_TOKEN = /eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*/g;
const URL_CREDENTIALS = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"\\]{0,256}):[^\s"\\/@]{1,512}@/gi;
/** A password with an unescaped slash or at sign makes no valid URL, which is when drivers quote it in an error. */
const CONNECTION_CREDENTIALS =
  /\b((?:postgres(?:ql)?|rediss?|smtps?):\/\/[^\s:/@"\\]{0,256}):[^\s"]{1,512}@/gi;
const AUTHORIZATION = /\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/gi;
const PUBLIC_PREFIX_LENGTH = 16;

/** Works on finished JSON lines too: what it puts in contains neither quotes nor backslashes. */
export function concealText(text: string): string {
  let result = text;
  // Searching for a fixed text is far cheaper than any pattern, and nearly every line has none of them.
  if (result.includes('rv_'))
    result = result.replace(OWN_TOKEN, (token) => `${token.slice(0, PUBLIC_PREFIX_LENGTH)}…`);
  if (result.includes('eyJ')) result = result.replace(JSON_WEB_TOKEN, '[jwt]');
  if (result.includes('://'))
    result = result.replace(CONNECTION_CREDENTIALS, '$1:***@').replace(URL_CREDENTIALS, '$1:***@');
  if (/bearer |basic /i.test(result)) result = result.replace(AUTHORIZATION, `$1 ${HIDDEN}`);
  return result;
}
