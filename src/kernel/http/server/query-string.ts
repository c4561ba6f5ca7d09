import { MalformedRequest, type Problem, RepeatedParameter, ValidationFailed } from '../../problem/index.js';
import { faultOf } from './json-body.js';

const MOST_PARAMETERS = 100;
const FAULT = Symbol('reeve:query-fault');

type Query = Record<string, string> & { [FAULT]?: Problem };

/**
 * Splits a query string into single values. Faults are kept beside the values, because the router that calls this lets
 * nothing be thrown; the first hook of the request throws them.
 */
export function parseQueryString(text: string): Record<string, string> {
  const query = Object.create(null) as Query;
  if (text === '') return query;
  try {
    readInto(query, text);
  } catch (fault) {
    query[FAULT] = fault as Problem;
  }
  return query;
}

export function queryFault(query: unknown): Problem | undefined {
  return (query as Query)[FAULT];
}

function readInto(query: Query, text: string): void {
  const parts = text.split('&', MOST_PARAMETERS + 1);
  if (parts.length > MOST_PARAMETERS) throw new MalformedRequest('The query has more than 100 parameters.');
  for (const part of parts) if (part !== '') readOne(query, part);
}

function readOne(query: Query, part: string): void {
  const equals = part.indexOf('=');
  const name = decode(equals === -1 ? part : part.slice(0, equals));
  const value = decode(equals === -1 ? '' : part.slice(equals + 1));
  if (name in query) throw new RepeatedParameter('A query parameter is given twice.');
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
    throw refusal(`/${name}`, 'unknown_field', 'This name is not allowed.');
  }
  const fault = faultOf(name) ?? faultOf(value);
  if (fault !== null)
    throw refusal(faultOf(name) === null ? `/${name}` : '', fault.code, `A parameter ${fault.message}`);
  query[name] = value;
}

function refusal(pointer: string, code: string, message: string): ValidationFailed {
  return new ValidationFailed([{ in: 'query', pointer: pointer.slice(0, 100), code, message }]);
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new MalformedRequest('The query string is not valid percent-encoded UTF-8.');
  }
}
