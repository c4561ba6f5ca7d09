import { type FieldError, problem, type Problem, ValidationFailed } from '../../../kernel/problem/index.js';

export class BlockPatternTaken extends problem({
  status: 409,
  code: 'block_pattern_taken',
  title: 'The pattern is blocked already',
  meaning:
    'A block rule of the same scope has this pattern, if perhaps in another case: block rules ignore case.',
  remedy: 'Keep the rule there is, or delete it first.',
}) {}

/** What the unique index of the table means to a caller. */
export const uniqueBlockPattern: Readonly<Record<string, () => Problem>> = {
  uq_terminal_rules_block: () => new BlockPatternTaken(),
};

/** @param field of the body */
export function refusedField(field: string, code: string, message: string): ValidationFailed {
  const error: FieldError = { in: 'body', pointer: `/${field}`, code, message };
  return new ValidationFailed([error]);
}
