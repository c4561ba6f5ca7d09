import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A complete subtree of the log. Kept when entries are pruned, so that what remains can be proven. */
@Entity('audit_tiles')
@Check('ck_audit_tiles_root', 'octet_length(root) = 32')
@Check('ck_audit_tiles_hashes', 'octet_length(hashes) = 8192')
export class AuditTileRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_tiles' })
  tenantId: string;

  /** 0: the hashes are of leaves; n: they are the roots of 256 tiles of level n - 1. */
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'pk_audit_tiles' })
  level: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_audit_tiles' })
  position: string;

  @Column({ type: 'bytea' })
  root: Buffer;

  /** 256 hashes of 32 bytes. */
  @Column({ type: 'bytea' })
  hashes: Buffer;
}
