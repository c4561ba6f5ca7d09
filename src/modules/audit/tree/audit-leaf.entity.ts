import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The place of an entry in the log of its tenant. Written by the sealer alone. */
@Entity('audit_leaves')
@Unique('uq_audit_leaves_entry', ['entryId'])
@Check('ck_audit_leaves_hash', 'octet_length(leaf_hash) = 32')
export class AuditLeafRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_leaves' })
  tenantId: string;

  /** From 0 on, without a gap. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_audit_leaves' })
  seq: string;

  @Column({ type: 'uuid' })
  entryId: string;

  @Column({ type: 'bytea' })
  leafHash: Buffer;
}
