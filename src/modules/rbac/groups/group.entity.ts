import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Identifier, Text, WholeNumber } from '../../../kernel/http/index.js';
import { PlainName } from '../names/name-rules.js';

/** Users and services that are given roles together. */
@Entity('groups')
@Unique('uq_groups_name', ['tenantId', 'nameKey'])
@Index('ix_groups_list', ['tenantId', 'name', 'id'])
export class Group {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c31' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_groups' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_groups_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Unique in the tenant, whatever the case, width and blanks. */
  @PlainName({ max: 100, example: 'Release managers' })
  @Column({ type: 'varchar', length: 100 })
  name: string;

  @Column({ type: 'varchar', length: 256 })
  nameKey: string;

  /** What the group is for. */
  @Text({ max: 1024, min: 0, multiline: true, example: 'Those who are on call for releases.' })
  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  /** How many users and services are in it. */
  @WholeNumber({ min: 0, max: 2_147_483_647, example: 4 })
  @Column({ type: 'integer', default: 0 })
  memberCount: number;

  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  /** Grows by one when name or description change; the value for `If-Match`. */
  @WholeNumber({ min: 1, max: 2_147_483_647, example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
