import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** The public half of a key that signs checkpoints. Kept for ever. */
@Entity('audit_keys')
@Unique('uq_audit_keys_previous', ['previousKeyId'])
@Index('uq_audit_keys_first', { synchronize: false })
@Check('ck_audit_keys_public_key', 'octet_length(public_key) = 32')
@Check('ck_audit_keys_endorsement', 'octet_length(endorsement) = 64')
export class AuditKeyRow {
  /** SHA-256 of the public key, hexadecimal. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_audit_keys' })
  keyId: string;

  /** Ed25519, 32 bytes. */
  @Column({ type: 'bytea' })
  publicKey: Buffer;

  /** The key it replaced; null for the first. */
  @ForeignKey(() => AuditKeyRow, { name: 'fk_audit_keys_previous' })
  @Column({ type: 'varchar', length: 64, nullable: true })
  previousKeyId: string | null;

  /** Signature of the previous key over this one; null for the first, and when the previous key had been lost. */
  @Column({ type: 'bytea', nullable: true })
  endorsement: Buffer | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
