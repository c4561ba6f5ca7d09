import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AuditKeyRow } from '../keys/audit-key.entity.js';

/** A signed statement: so many entries, and this is the root of their tree. */
@Entity('audit_checkpoints')
@Unique('uq_audit_checkpoints_position', ['position'])
@Index('uq_audit_checkpoints_prev', { synchronize: false })
@Check('ck_audit_checkpoints_tree_size', 'tree_size > 0')
@Check('ck_audit_checkpoints_root_hash', 'octet_length(root_hash) = 32')
export class AuditCheckpointRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_checkpoints' })
  tenantId: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_audit_checkpoints' })
  treeSize: string;

  @Column({ type: 'bytea' })
  rootHash: Buffer;

  @ForeignKey(() => AuditKeyRow, { name: 'fk_audit_checkpoints_key' })
  @Column({ type: 'varchar', length: 64 })
  keyId: string;

  /** The signed note, byte for byte. */
  @Column({ type: 'text' })
  note: string;

  /** Size of the checkpoint before; null for the first. */
  @Column({ type: 'bigint', nullable: true })
  prevCheckpoint: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** Ascending in the order of commits, over all tenants. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  position: string;
}
