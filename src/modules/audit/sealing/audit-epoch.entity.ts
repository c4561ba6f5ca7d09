import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A database cluster that the log has lived in. Transaction ids are comparable within one only. */
@Entity('audit_epochs')
export class AuditEpochRow {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_epochs' })
  epoch: number;

  @Column({ type: 'varchar', length: 20 })
  systemIdentifier: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
