import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Flag, Identifier, Text, WholeNumber } from '../../../kernel/http/index.js';

/** A named set of permissions. */
@Entity('roles')
@Unique('uq_roles_name', ['tenantId', 'name'])
export class Role {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c21' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_roles' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_roles_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Unique in the tenant. */
  @Text({ max: 64, example: 'operator' })
  @Column({ type: 'varchar', length: 64 })
  name: string;

  /** What the role is for. */
  @Text({ max: 1024, min: 0, multiline: true, example: 'Runs sandboxes and operations.' })
  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  /** Names from the catalogue at GET /permissions, sorted. */
  @ApiProperty({
    type: [String],
    example: ['operation.read', 'operation.write', 'sandbox.read', 'sandbox.write'],
  })
  @Column({ type: 'text', array: true, default: '{}' })
  permissions: string[];

  /** Built-in roles follow the catalogue; nobody edits or deletes them. */
  @Flag({ example: true })
  @Column({ type: 'boolean', default: false })
  isBuiltIn: boolean;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  /** Grows by one with every change; the value for `If-Match`. */
  @WholeNumber({ min: 1, max: 2_147_483_647, example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
