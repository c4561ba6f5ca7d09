import { ApiProperty, IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Identifier, OneOf, PageQuery, View } from '../../../kernel/http/index.js';
import { MEMBER_KINDS } from './group-member.entity.js';
import type { MemberRow } from './group-members.repository.js';
import { Group } from './group.entity.js';

export class CreateGroup extends IntersectionType(
  PickType(Group, ['name']),
  PartialType(PickType(Group, ['description']), { skipNullProperties: false }),
) {}

/** What to change; the rest stays. */
export class ChangeGroup extends PartialType(PickType(Group, ['name', 'description']), {
  skipNullProperties: false,
}) {}

export class GroupView extends View(Group, [
  'id',
  'name',
  'description',
  'memberCount',
  'createdAt',
  'updatedAt',
  'version',
]) {}

export class GroupsQuery extends PageQuery {}
export class GroupMembersQuery extends PageQuery {}

/** Who is to join. */
export class AddMember {
  /** Whether it is a user or a service. */
  @OneOf(MEMBER_KINDS)
  kind: (typeof MEMBER_KINDS)[number];

  /** Identifier of the user or the service principal. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  id: string;
}

/** A user or a service in a group. */
export class GroupMemberView {
  /** Whether it is a user or a service. */
  @ApiProperty({ enum: [...MEMBER_KINDS], example: 'user' })
  kind: MemberRow['kind'];

  @ApiProperty({ format: 'uuid', example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  id: string;

  /** Username of the user, or name of the service. */
  @ApiProperty({ type: String, nullable: true, example: 'Ada.Lovelace' })
  name: string | null;

  /** When it joined. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  createdAt: Date;

  static of({ kind, id, name, createdAt }: MemberRow): GroupMemberView {
    return { kind, id, name, createdAt };
  }
}
