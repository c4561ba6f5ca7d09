import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far an exporter has come, and which process delivers for it. */
@Entity('audit_exporters')
export class AuditExporterRow {
  @PrimaryColumn({ type: 'varchar', length: 16, primaryKeyConstraintName: 'pk_audit_exporters' })
  name: string;

  /** Everything up to and with the checkpoint of this position has arrived. */
  @Column({ type: 'bigint', default: 0 })
  position: string;

  @Column({ type: 'uuid', nullable: true })
  holder: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  heldUntil: Date | null;
}
