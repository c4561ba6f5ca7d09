import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the log of all tenants is sealed: one row. Whoever has it locked is the sealer. */
@Entity('audit_sealing')
@Check('ck_audit_sealing_one', 'id = 1')
export class AuditSealingRow {
  @PrimaryColumn({ type: 'smallint', default: 1, primaryKeyConstraintName: 'pk_audit_sealing' })
  id: number;

  @Column({ type: 'integer' })
  clusterEpoch: number;

  /** Of the last entry that was sealed. */
  @Column({ type: 'xid8' as 'text' })
  xid: string;

  @Column({ type: 'uuid' })
  entryId: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  sealedAt: Date | null;
}
