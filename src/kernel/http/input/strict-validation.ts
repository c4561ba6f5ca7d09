import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldError, ValidationFailed } from '../../problem/index.js';
import { escapePointer } from '../server/json-body.js';
import type { RuleOfElements } from './fields.js';

/** Where fields come from. */
export type Place = 'body' | 'query';

const NOT_A_DTO = new Set<unknown>([String, Number, Boolean, Array, Object, Date, Buffer]);
const MOST_ERRORS = 100;
/** So that a list with nothing right in it leaves room for what else is wrong. */
const MOST_OF_ONE_RULE = 20;
const RULES = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: true },
};

/** Whether a parameter of this type has rules of its own. */
export function isDto(type: unknown): type is Type<object> {
  return typeof type === 'function' && !NOT_A_DTO.has(type);
}

/**
 * Turns bodies and query strings into the classes the routes declare: unknown fields are refused and nothing is
 * converted unless the field says so, so `"1"` is not 1. Rules are synchronous; what needs the database is not validation.
 *
 * @throws ValidationFailed
 */
export function strictlyValidated<T extends object>(dto: Type<T>, value: unknown, place: Place): T {
  // Routes whose fields are all optional take no body at all.
  const source = requireObject(value === undefined ? {} : value, place);
  // The query has no prototype, which class-transformer takes for no object at all.
  const instance = plainToInstance(dto, place === 'query' ? { ...source } : source);
  const faults = validateSync(instance, RULES);
  if (faults.length === 0) return instance;
  const errors = faults.flatMap((fault) => errorsOf(fault, '', place));
  throw new ValidationFailed(errors.slice(0, MOST_ERRORS));
}

function errorsOf(fault: ValidationError, parent: string, place: Place): FieldError[] {
  const pointer = `${parent}/${escapePointer(fault.property)}`;
  const rules = Object.entries(fault.constraints ?? {});
  if (fault.value === undefined && rules.length > 0) return [missing(pointer, place)];
  const children = (fault.children ?? []).flatMap((child) => errorsOf(child, pointer, place));
  const own = rules.flatMap(([rule, message]) =>
    placesOf(fault, rule, pointer).map((at) => errorOf(rule, message, at, place)),
  );
  return [...own, ...children];
}

/** A rule about every element of a list points at those that break it, and at the field when that is no list. */
function placesOf({ value, contexts }: ValidationError, rule: string, pointer: string): string[] {
  const { test } = (contexts?.[rule] ?? {}) as Partial<RuleOfElements>;
  if (test === undefined || !Array.isArray(value)) return [pointer];
  const places: string[] = [];
  for (let index = 0; index < value.length && places.length < MOST_OF_ONE_RULE; index += 1)
    if (!test(value[index])) places.push(`${pointer}/${index}`);
  return places;
}

function missing(pointer: string, place: Place): FieldError {
  return { in: place, pointer, code: 'required', message: 'This field is required.' };
}

function errorOf(rule: string, message: string, pointer: string, place: Place): FieldError {
  if (rule === 'whitelistValidation')
    return { in: place, pointer, code: 'unknown_field', message: 'This field is not known here.' };
  return { in: place, pointer, code: codeOf(rule), message };
}

/** Rules of class-validator are called `isString` or `maxLength`; ours have their code as their name already. */
function codeOf(rule: string): string {
  const words = rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return words.replace(/^is_(?=.)/, '');
}

/** @throws ValidationFailed */
export function requireObject(value: unknown, place: Place): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ValidationFailed([
    { in: place, pointer: '', code: 'object', message: 'The body must be a JSON object.' },
  ]);
}
