import { ApiProperty } from '@nestjs/swagger';
import { PERMISSION_LEVELS, type Permission, type PermissionLevel } from '../../../kernel/access/index.js';

/** A permission of the catalogue. */
export class PermissionView {
  /** `resource.verb`. */
  @ApiProperty({ example: 'terminal.approve' })
  name: string;

  /** What it allows. */
  @ApiProperty({ example: 'Decide commands that wait for a person.' })
  description: string;

  /** How much harm it can do; the ceiling of a delegation is one of these. */
  @ApiProperty({ enum: [...PERMISSION_LEVELS], example: 'ADMIN' })
  level: PermissionLevel;

  /** Whether what it opens asks for a fresh proof of identity. */
  @ApiProperty({ example: true })
  sensitive: boolean;

  /** Whether it can be lent to an agent. */
  @ApiProperty({ example: false })
  delegable: boolean;

  static of({ name, description, level, sensitive, delegable }: Permission): PermissionView {
    return { name, description, level, sensitive, delegable };
  }
}
