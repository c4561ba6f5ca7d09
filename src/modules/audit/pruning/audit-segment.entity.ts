import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A part of the log that was exported and then taken out. */
@Entity('audit_segments')
@Unique('uq_audit_segments_last', ['tenantId', 'lastSeq'])
@Check('ck_audit_segments_digest', 'octet_length(digest) = 32')
@Check('ck_audit_segments_range', 'first_seq >= 0 AND last_seq >= first_seq')
export class AuditSegmentRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_segments' })
  tenantId: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_audit_segments' })
  firstSeq: string;

  @Column({ type: 'bigint' })
  lastSeq: string;

  /** Of the tree of the entries 0 to `lastSeq`; there is a checkpoint of that size. */
  @Column({ type: 'bytea' })
  rootHash: Buffer;

  /** Where the export is. */
  @Column({ type: 'varchar', length: 1024 })
  location: string;

  /** SHA-256 of the export. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
