import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Role } from '../roles/role.entity.js';

/** Somebody has a role somewhere, or is kept from what it contains. */
@Entity('role_bindings')
@Index('ix_role_bindings_subject', ['subjectKind', 'subjectId'])
@Index('ix_role_bindings_role', ['roleId'])
// Made by the migration: TypeORM cannot say that two bindings without a scope are the same.
@Index('uq_role_bindings', { synchronize: false })
@Check('ck_role_bindings_subject_kind', `subject_kind IN ('user', 'group', 'service')`)
@Check('ck_role_bindings_scope_kind', `scope_kind IN ('global', 'gateway', 'department')`)
@Check('ck_role_bindings_effect', `effect IN ('allow', 'deny')`)
@Check('ck_role_bindings_scope', `(scope_kind = 'global') = (scope_id IS NULL)`)
export class RoleBinding {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_role_bindings' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_role_bindings_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @Column({ type: 'varchar', length: 16 })
  subjectKind: 'user' | 'group' | 'service';

  @Column({ type: 'uuid' })
  subjectId: string;

  @ForeignKey(() => Role, { name: 'fk_role_bindings_role' })
  @Column({ type: 'uuid' })
  roleId: string;

  @Column({ type: 'varchar', length: 16, default: 'global' })
  scopeKind: 'global' | 'gateway' | 'department';

  /** Null exactly when the scope is global. */
  @Column({ type: 'uuid', nullable: true })
  scopeId: string | null;

  @Column({ type: 'varchar', length: 8, default: 'allow' })
  effect: 'allow' | 'deny';

  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  /** From this instant on the binding does not count; null: until somebody ends it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt: Date | null;
}
