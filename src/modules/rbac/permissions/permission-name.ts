import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { permissionCatalogue } from '../../../kernel/access/index.js';
import { Satisfies, Text } from '../../../kernel/http/index.js';

const LONGEST_NAME = 100;

/** Field rule: the name of a permission of the catalogue, which is asked at the time of use because modules add to it. */
export function PermissionName(
  options: { example: string; each?: false } | { example: string[]; each: true },
): PropertyDecorator {
  const { each = false, example } = options;
  return applyDecorators(
    Text({ max: LONGEST_NAME, each }),
    Satisfies('unknown_permission', 'must be the name of a permission', isPermission, { each }),
    ApiProperty({ example }),
  );
}

function isPermission(value: unknown): boolean {
  return typeof value !== 'string' || permissionCatalogue.has(value);
}
