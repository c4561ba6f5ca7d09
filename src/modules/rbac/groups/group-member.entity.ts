import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identifier, OneOf } from '../../../kernel/http/index.js';
import { Group } from './group.entity.js';

export const MEMBER_KINDS = ['user', 'service'] as const;

/** A user or a service in a group. */
@Entity('group_members')
@Index('ix_group_members_principal', ['principalKind', 'principalId'])
@Check('ck_group_members_principal_kind', `principal_kind IN ('user', 'service')`)
export class GroupMember {
  @ForeignKey(() => Group, { name: 'fk_group_members_group', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_group_members' })
  groupId: string;

  /** Whether it is a user or a service. */
  @OneOf(MEMBER_KINDS)
  @PrimaryColumn({ type: 'varchar', length: 16, primaryKeyConstraintName: 'pk_group_members' })
  principalKind: (typeof MEMBER_KINDS)[number];

  @Identifier()
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_group_members' })
  principalId: string;

  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
