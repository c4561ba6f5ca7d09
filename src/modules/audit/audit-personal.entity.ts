import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What names or locates people in an entry. Deleting the row erases them; the entry stays provable. */
@Entity('audit_personal')
export class AuditPersonalRow {
  /** Of an entry, which the same statement writes; a foreign key would cost every entry a look-up and a lock. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_personal' })
  entryId: string;

  @Column({ type: 'bytea' })
  salt: Buffer;

  @Column({ type: 'varchar', length: 254, nullable: true })
  actorName: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  clientIp: string | null;

  @Column({ type: 'varchar', length: 512, nullable: true })
  userAgent: string | null;

  /** Canonical JSON. */
  @Column({ type: 'text', nullable: true })
  detail: string | null;
}
