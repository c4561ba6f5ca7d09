import { type FieldError, ValidationFailed } from '../../../kernel/problem/index.js';
import type { CommandForm } from '../decision/index.js';

interface Given {
  readonly command?: string;
  readonly argv?: readonly string[];
}

/**
 * The one form in which the command was given.
 *
 * @param pointer JSON Pointer to the object in the body
 * @throws ValidationFailed when it was given in both, or in none
 */
export function formOf({ command, argv }: Given, pointer = ''): CommandForm {
  if (argv !== undefined && command === undefined) return { argv };
  if (command !== undefined && argv === undefined) return { text: command };
  throw new ValidationFailed([command === undefined ? missing(pointer) : twice(pointer)]);
}

function missing(pointer: string): FieldError {
  return {
    in: 'body',
    pointer: `${pointer}/command`,
    code: 'required',
    message: 'Give the command as `command` or as `argv`.',
  };
}

function twice(pointer: string): FieldError {
  return {
    in: 'body',
    pointer: `${pointer}/argv`,
    code: 'one_form',
    message: 'Give the command either as `command` or as `argv`, not as both.',
  };
}
