import { ApiProperty, PartialType, PickType } from '@nestjs/swagger';
import { ConvertFlag, Flag, ListOf, Optional, PageQuery, Text } from '../../../kernel/http/index.js';
import { User } from './user.entity.js';

const MOST_ROLES = 50;

/** Filters of the list of users. */
export class UsersQuery extends PageQuery {
  @ApiProperty({ description: 'Username or mail address, in any spelling of it.' })
  @Optional()
  @Text({ max: 254, example: 'ada@example.org' })
  login?: string;

  @ApiProperty({ description: 'Only users who may sign in, or only disabled ones.' })
  @Optional()
  @ConvertFlag()
  @Flag({ example: true })
  isActive?: boolean;

  @ApiProperty({ description: 'The deleted users instead of the others.' })
  @Optional()
  @ConvertFlag()
  @Flag({ example: false })
  deleted?: boolean;
}

export class InviteUser extends PickType(User, ['username', 'email'] as const) {
  @ApiProperty({
    description: 'Roles to hold everywhere; giving any but `member` needs step-up.',
    example: ['operator'],
  })
  @Optional()
  @ListOf({ max: MOST_ROLES, unique: true })
  @Text({ max: 64, each: true })
  roles?: string[];
}

const CHANGEABLE = [
  'username',
  'email',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
] as const;

/** What to change; the rest stays. Changing roles, mail address or terminal flags needs step-up. */
export class ChangeUser extends PartialType(PickType(User, CHANGEABLE), { skipNullProperties: false }) {
  @ApiProperty({
    description: 'Roles to hold everywhere, in place of the present ones.',
    example: ['operator'],
  })
  @Optional()
  @ListOf({ max: MOST_ROLES, unique: true })
  @Text({ max: 64, each: true })
  roles?: string[];
}
