import { isUtf8 } from 'node:buffer';
import { repeatedMember } from '../../crypto/index.js';
import { type FieldError, MalformedRequest, TooDeep, ValidationFailed } from '../../problem/index.js';

const DEEPEST = 32;
/** Each value costs the layers below many times what it costs to send; no body of ours needs half as many. */
const MOST_VALUES = 5_000;
const MOST_FAULTS = 20;

/**
 * Parses a JSON body, and refuses what the layers below could misread: nesting that is expensive to walk, text that
 * PostgreSQL cannot hold, numbers that are none, names that come twice, and names that reach into prototypes. An empty
 * body is undefined.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new MalformedRequest('The body is not UTF-8.');
  const { values, members } = countsOf(bytes);
  const text = bytes.toString('utf8');
  const body = parse(text);
  if (MAY_OVERFLOW.test(text) && overflows(body))
    throw new MalformedRequest('The body holds a number that is too large.');
  if (values > MOST_VALUES) throw new ValidationFailed([TOO_MANY_VALUES]);
  if (members !== membersIn(body)) refuseRepetition(text);
  if (mayHide(text)) refuseHidden(body);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedRequest('The body is not valid JSON.');
  }
}

/** JSON.parse makes Infinity of a number that is too large; without an exponent that takes 309 digits. */
const MAY_OVERFLOW = /\d[eE]\+?\d|\d{309}/;

function overflows(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(overflows);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * One pass over the bytes before anything recursive sees them: how many values there are, roughly, and how often a member
 * is named.
 *
 * @throws TooDeep
 */
function countsOf(bytes: Buffer): { values: number; members: number } {
  let depth = 0;
  let values = 1;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > DEEPEST) throw new TooDeep();
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    else if (byte === COMMA) values += 1;
    else if (byte === COLON) members += 1;
  }
  return { values, members };
}

const TOO_MANY_VALUES: FieldError = {
  in: 'body',
  pointer: '',
  code: 'too_many_values',
  message: `The body must not hold more than ${MOST_VALUES} values.`,
};

/** The index of the closing quote. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Of members that are named twice JSON.parse keeps one. */
function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  const own = Array.isArray(value) ? 0 : inside.length;
  return inside.reduce<number>((sum, each) => sum + membersIn(each), own);
}

/** It is JSON all the same (RFC 8259 §4), so this is a fault of what the body says. */
function refuseRepetition(text: string): never {
  const steps = (repeatedMember(text) ?? []).map((step) => `/${escapePointer(String(step))}`);
  throw new ValidationFailed([
    { in: 'body', pointer: steps.join(''), code: 'repeated_member', message: 'This name is given twice.' },
  ]);
}

/** NUL and lone surrogates can only come in as escapes, so most bodies need no second look. */
function mayHide(text: string): boolean {
  return (
    text.includes('\\u') ||
    text.includes('__proto__') ||
    text.includes('constructor') ||
    text.includes('prototype')
  );
}

function refuseHidden(body: unknown): void {
  const errors: FieldError[] = [];
  collect(body, '', errors);
  if (errors.length > 0) throw new ValidationFailed(errors);
}

const REACHES_PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype']);

function collect(value: unknown, pointer: string, errors: FieldError[]): void {
  if (errors.length >= MOST_FAULTS) return;
  if (typeof value === 'string') {
    const fault = faultOf(value);
    if (fault !== null)
      errors.push({ in: 'body', pointer, code: fault.code, message: `The text ${fault.message}` });
  } else if (Array.isArray(value))
    value.forEach((item, index) => collect(item, `${pointer}/${index}`, errors));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) collectMember(name, member, pointer, errors);
  }
}

function collectMember(name: string, member: unknown, parent: string, errors: FieldError[]): void {
  const fault = faultOf(name);
  // A name that is not text itself cannot stand in a pointer.
  if (fault !== null)
    errors.push({ in: 'body', pointer: parent, code: fault.code, message: `A name ${fault.message}` });
  else if (REACHES_PROTOTYPES.has(name)) {
    errors.push({
      in: 'body',
      pointer: `${parent}/${name}`,
      code: 'unknown_field',
      message: 'This name is not allowed.',
    });
  } else collect(member, `${parent}/${escapePointer(name)}`, errors);
}

/** What no text of ours may contain, wherever it stands. */
export function faultOf(text: string): { code: string; message: string } | null {
  if (text.includes('\0')) return { code: 'nul_character', message: 'must not contain the NUL character.' };
  if (!text.isWellFormed())
    return { code: 'lone_surrogate', message: 'must not contain half of a surrogate pair.' };
  return null;
}

const LONGEST_NAME = 100;

/** One step of a JSON Pointer (RFC 6901 §3); long names are cut, for they are the client's own. */
export function escapePointer(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
