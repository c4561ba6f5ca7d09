import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isUuid } from '../../runtime/index.js';

/**
 * Decorators for the fields of DTOs and entities: each is the validation rule and its sentence in the API document.
 * The name of the rule is the `code` clients get; messages never repeat the value.
 */
interface Rule {
  readonly code: string;
  readonly message: string;
  readonly test: (value: unknown) => boolean;
}

interface EachOption {
  /** The rule is about the elements of an array. */
  readonly each?: boolean;
}

export interface TextOptions extends EachOption {
  /** In code points. */
  readonly max: number;
  /** In code points; 1 when not given. */
  readonly min?: number;
  /** Allows tab and newline. */
  readonly multiline?: boolean;
  readonly example?: string;
}

/** Text without control characters, measured in code points. */
export function Text(options: TextOptions): PropertyDecorator {
  const { max, min = 1, multiline = false } = options;
  const forbidden = multiline ? CONTROL_EXCEPT_TAB_AND_NEWLINE : CONTROL;
  return field(options, { type: String, minLength: min, maxLength: max, example: options.example }, [
    isString,
    {
      code: 'min_length',
      message: `must have at least ${counted(min, 'character')}`,
      test: (v) => typeof v !== 'string' || hasAtLeast(v, min),
    },
    {
      code: 'max_length',
      message: `must have at most ${counted(max, 'character')}`,
      test: (v) => typeof v !== 'string' || hasAtMost(v, max),
    },
    {
      code: 'control_character',
      message: multiline
        ? 'must not contain control characters other than tab and newline'
        : 'must not contain control characters',
      test: (v) => typeof v !== 'string' || !forbidden.test(v),
    },
  ]);
}

/** Text that is compared or hashed as it is (passwords, tokens): only its length and NUL are judged. */
export function Opaque(options: { max: number; min?: number; example?: string }): PropertyDecorator {
  const { max, min = 1 } = options;
  return field({}, { type: String, minLength: min, maxLength: max, example: options.example }, [
    isString,
    {
      code: 'min_length',
      message: `must have at least ${counted(min, 'character')}`,
      test: (v) => typeof v !== 'string' || hasAtLeast(v, min),
    },
    {
      code: 'max_length',
      message: `must have at most ${counted(max, 'character')}`,
      test: (v) => typeof v !== 'string' || hasAtMost(v, max),
    },
  ]);
}

/** Text of one fixed form, for instance a slug. `description` completes "must be …". */
export function Matching(
  pattern: RegExp,
  description: string,
  options: { max: number; example?: string } & EachOption,
): PropertyDecorator {
  return field(
    options,
    { type: String, maxLength: options.max, pattern: pattern.source, example: options.example },
    [
      isString,
      {
        code: 'max_length',
        message: `must have at most ${counted(options.max, 'character')}`,
        test: (v) => typeof v !== 'string' || hasAtMost(v, options.max),
      },
      // Text that is too long was refused already and is not worth matching.
      {
        code: 'pattern',
        message: `must be ${description}`,
        test: (v) => typeof v !== 'string' || v.length > 2 * options.max || pattern.test(v),
      },
    ],
  );
}

/** A mail address of the everyday form, at most 254 characters (RFC 5321 §4.5.3.1.3). */
export function EmailAddress(options: { example?: string } & EachOption = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'email', maxLength: 254, example: options.example ?? 'ada@example.org' },
    [
      isString,
      {
        code: 'max_length',
        message: 'must have at most 254 characters',
        test: (v) => typeof v !== 'string' || hasAtMost(v, 254),
      },
      {
        code: 'email',
        message: 'must be an email address',
        test: (v) => typeof v !== 'string' || isEmailAddress(v),
      },
    ],
  );
}

/** The identifier of a resource: a UUID in lower case. */
export function Identifier(options: { example?: string } & EachOption = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'uuid', example: options.example ?? '01890a5d-ac96-774b-bcce-b302099a8057' },
    [
      isString,
      {
        code: 'uuid',
        message: 'must be a UUID in lower case',
        test: (v) => typeof v !== 'string' || isUuid(v),
      },
    ],
  );
}

export function WholeNumber(
  options: { min: number; max: number; example?: number } & EachOption,
): PropertyDecorator {
  const { min, max } = options;
  return field(options, { type: 'integer', minimum: min, maximum: max, example: options.example }, [
    { code: 'integer', message: 'must be a whole number', test: (v) => Number.isSafeInteger(v) },
    { code: 'min', message: `must be at least ${min}`, test: (v) => typeof v !== 'number' || !(v < min) },
    { code: 'max', message: `must be at most ${max}`, test: (v) => typeof v !== 'number' || !(v > max) },
  ]);
}

export function Flag(options: { example?: boolean } & EachOption = {}): PropertyDecorator {
  return field(options, { type: Boolean, example: options.example }, [
    { code: 'boolean', message: 'must be true or false', test: (v) => typeof v === 'boolean' },
  ]);
}

export function OneOf<const Value extends string>(
  values: readonly Value[],
  options: { example?: Value } & EachOption = {},
): PropertyDecorator {
  return field(options, { enum: [...values], example: options.example ?? values[0] }, [
    {
      code: 'one_of',
      message: `must be one of ${values.join(', ')}`,
      test: (v) => values.includes(v as Value),
    },
  ]);
}

/** An instant as RFC 3339 text with a time zone; stays text in the DTO, `new Date(text)` is safe. */
export function Instant(options: { example?: string } & EachOption = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'date-time', example: options.example ?? '2030-01-31T12:00:00.000Z' },
    [
      isString,
      {
        code: 'date_time',
        message: 'must be an RFC 3339 date-time',
        test: (v) => typeof v !== 'string' || isInstant(v),
      },
    ],
  );
}

/** A list with bounds; give the elements their rule with `each: true`. */
export function ListOf(options: { max: number; min?: number; unique?: boolean }): PropertyDecorator {
  const { max, min = 0, unique = false } = options;
  const schema = {
    isArray: true,
    minItems: min,
    maxItems: max,
    uniqueItems: unique || undefined,
  } as ApiPropertyOptions;
  return field({}, schema, [
    { code: 'array', message: 'must be a list', test: Array.isArray },
    {
      code: 'min_items',
      message: `must have at least ${counted(min, 'item')}`,
      test: (v) => !Array.isArray(v) || v.length >= min,
    },
    {
      code: 'max_items',
      message: `must have at most ${counted(max, 'item')}`,
      test: (v) => !Array.isArray(v) || v.length <= max,
    },
    {
      code: 'unique_items',
      message: 'must not repeat an item',
      test: (v) => !unique || !Array.isArray(v) || new Set(v).size === v.length,
    },
  ]);
}

/** Only for what the decorators above cannot say. `code` is snake_case; `message` completes "<field> …". */
export function Satisfies(
  code: string,
  message: string,
  test: (value: unknown) => boolean,
  options: EachOption = {},
): PropertyDecorator {
  return validate(options, { code, message, test });
}

const isString: Rule = { code: 'string', message: 'must be text', test: (v) => typeof v === 'string' };

/** C0, DEL and C1 controls and the two Unicode line separators, which terminals and logs treat as line ends. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROL_EXCEPT_TAB_AND_NEWLINE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

function field(options: EachOption, schema: ApiPropertyOptions, rules: readonly Rule[]): PropertyDecorator {
  const documented = options.each === true ? { ...schema, isArray: true } : schema;
  return applyDecorators(ApiProperty(documented), ...rules.map((rule) => validate(options, rule)));
}

/** What a rule about the elements of a list leaves with its fault, so that the elements at fault can be named. */
export interface RuleOfElements {
  readonly test: (element: unknown) => boolean;
}

function validate(options: EachOption, rule: Rule): PropertyDecorator {
  const message = ({ property }: ValidationArguments): string => `${property} ${rule.message}.`;
  const validator = { validate: (value: unknown) => rule.test(value), defaultMessage: () => rule.message };
  const context: RuleOfElements | undefined = options.each === true ? { test: rule.test } : undefined;
  return ValidateBy({ name: rule.code, validator }, { each: options.each, message, context });
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** UTF-16 units bound code points from both sides, so most texts are judged without counting. */
function hasAtMost(text: string, max: number): boolean {
  return text.length <= max || (text.length <= 2 * max && codePoints(text) <= max);
}

function hasAtLeast(text: string, min: number): boolean {
  return text.length >= 2 * min || (text.length >= min && codePoints(text) >= min);
}

function codePoints(text: string): number {
  return [...text].length;
}

const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64 || text.length > 254) return false;
  const labels = text.slice(at + 1).split('.');
  return (
    labels.length > 1 &&
    labels.every((label) => DOMAIN_LABEL.test(label)) &&
    LOCAL_PART.test(text.slice(0, at))
  );
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isInstant(text: string): boolean {
  const parts = RFC3339.exec(text);
  if (parts === null) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  if (year === 0 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
