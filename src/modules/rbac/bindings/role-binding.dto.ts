import { ApiProperty, IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Instant, Matching, Nullable, Optional, PageQuery, Text, View } from '../../../kernel/http/index.js';
import { RoleBinding } from './role-binding.entity.js';

const EXAMPLE = {
  subjectKind: 'user',
  subjectId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  roleId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c21',
};

export const createBindingExamples = {
  everywhere: {
    summary: 'Everywhere, until an instant',
    value: { ...EXAMPLE, expiresAt: '2030-01-31T12:00:00.000Z' },
  },
  gateway: {
    summary: 'On one gateway, for good',
    value: { ...EXAMPLE, scopeKind: 'gateway', scopeId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77' },
  },
  denial: { summary: 'Denied everywhere', value: { ...EXAMPLE, effect: 'deny' } },
};

export class CreateBinding extends IntersectionType(
  PickType(RoleBinding, ['subjectKind', 'subjectId', 'roleId']),
  PartialType(PickType(RoleBinding, ['scopeKind', 'effect']), { skipNullProperties: false }),
  PartialType(PickType(RoleBinding, ['scopeId'])),
) {
  @ApiProperty({
    description:
      'From this instant on the binding does not count. Not for one whose end would give rights back to somebody.',
  })
  @Optional()
  @Nullable()
  @Instant()
  expiresAt?: string | null;
}

export class RoleBindingView extends View(RoleBinding, [
  'id',
  'subjectKind',
  'subjectId',
  'roleId',
  'scopeKind',
  'scopeId',
  'effect',
  'expiresAt',
  'createdBy',
  'createdAt',
]) {}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Filters of the list of bindings. */
export class RoleBindingsQuery extends PageQuery {
  @ApiProperty({ description: 'Whose bindings: `user:ID`, `service:ID` or `group:ID`.' })
  @Optional()
  @Matching(new RegExp(`^(user|service|group):${UUID}$`), 'user:ID, service:ID or group:ID', {
    max: 44,
    example: 'user:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  })
  subject?: string;

  @ApiProperty({ description: 'Bindings to this role: its identifier or its name.' })
  @Optional()
  @Text({ max: 64, example: 'operator' })
  role?: string;

  @ApiProperty({ description: 'Bindings in this place: `global`, `gateway:ID` or `department:ID`.' })
  @Optional()
  @Matching(new RegExp(`^(global|(gateway|department):${UUID})$`), 'global, gateway:ID or department:ID', {
    max: 47,
    example: 'gateway:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77',
  })
  scope?: string;
}
