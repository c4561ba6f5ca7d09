import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Flag, Identifier, ListOf, Text, WholeNumber } from '../../../kernel/http/index.js';
import { PlainName } from '../names/name-rules.js';
import { PermissionName } from '../permissions/permission-name.js';

/** A named set of permissions. */
@Entity('roles')
@Unique('uq_roles_name', ['tenantId', 'name'])
@Index('uq_roles_name_key', ['tenantId', 'nameKey'], { unique: true })
export class Role {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c21' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_roles' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_roles_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Unique in the tenant, whatever the case, width and blanks. */
  @PlainName({ max: 64, example: 'operator' })
  @Column({ type: 'varchar', length: 64 })
  name: string;

  /** What the name is compared by; null until a release that knows of it has started once. */
  @Column({ type: 'varchar', length: 256, nullable: true })
  nameKey: string | null;

  /** What the role is for. */
  @Text({ max: 1024, min: 0, multiline: true, example: 'Runs sandboxes and operations.' })
  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  /** Names from the catalogue at GET /permissions, sorted. */
  @ListOf({ max: 500, unique: true })
  @PermissionName({
    each: true,
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
