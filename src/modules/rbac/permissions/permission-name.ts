import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../../kernel/http/index.js';

const LONGEST_NAME = 100;

/** Field rule: what may be the name of a permission. Whether it is one, `permissionsNamed` says. */
export function PermissionName(
  options: { example: string; each?: false } | { example: string[]; each: true },
): PropertyDecorator {
  const { each = false, example } = options;
  return applyDecorators(Text({ max: LONGEST_NAME, each }), ApiProperty({ example }));
}
