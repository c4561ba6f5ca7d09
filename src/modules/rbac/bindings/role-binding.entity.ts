import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identifier, Nullable, OneOf } from '../../../kernel/http/index.js';
import { Role } from '../roles/role.entity.js';

/** Somebody has a role somewhere, or is kept from what it contains. */
@Entity('role_bindings')
@Index('ix_role_bindings_by_subject', ['subjectKind', 'subjectId', 'id'])
// Descending, which TypeORM cannot say either.
@Index('ix_role_bindings_tenant', { synchronize: false })
@Index('ix_role_bindings_scope', { synchronize: false })
@Index('ix_role_bindings_by_role', { synchronize: false })
@Index('ix_role_bindings_by_role_scope', { synchronize: false })
@Index('ix_role_bindings_expires_at', { synchronize: false })
// Made by the migration: TypeORM cannot say that two bindings without a scope are the same.
@Index('uq_role_bindings', { synchronize: false })
@Check('ck_role_bindings_subject_kind', `subject_kind IN ('user', 'group', 'service')`)
@Check('ck_role_bindings_scope_kind', `scope_kind IN ('global', 'gateway', 'department')`)
@Check('ck_role_bindings_effect', `effect IN ('allow', 'deny')`)
@Check('ck_role_bindings_scope', `(scope_kind = 'global') = (scope_id IS NULL)`)
export class RoleBinding {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c41' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_role_bindings' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_role_bindings_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Who has the role: a user, a service, or everybody in a group. */
  @OneOf(['user', 'group', 'service'])
  @Column({ type: 'varchar', length: 16 })
  subjectKind: 'user' | 'group' | 'service';

  /** Identifier of the user, service or group. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  @Column({ type: 'uuid' })
  subjectId: string;

  /** Identifier of the role. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c21' })
  @ForeignKey(() => Role, { name: 'fk_role_bindings_role' })
  @Column({ type: 'uuid' })
  roleId: string;

  /** Where it counts: everywhere, on one gateway or in one department. */
  @OneOf(['global', 'gateway', 'department'])
  @Column({ type: 'varchar', length: 16, default: 'global' })
  scopeKind: 'global' | 'gateway' | 'department';

  /** Identifier of the gateway or department; null exactly when the scope is global. */
  @Nullable()
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77' })
  @Column({ type: 'uuid', nullable: true })
  scopeId: string | null;

  /** Whether the role is given or denied. A denial wins over everything. */
  @OneOf(['allow', 'deny'])
  @Column({ type: 'varchar', length: 8, default: 'allow' })
  effect: 'allow' | 'deny';

  /** Who made it; null for the service itself. */
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: '01936f5e-0000-7c3a-9d61-000000000001',
  })
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  /** When it was made. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  /** From this instant on the binding does not count; null: until somebody ends it. */
  @ApiProperty({ type: Date, nullable: true, example: '2026-03-01T00:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt: Date | null;
}
