import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AuditKeyRow } from './audit-key.entity.js';

/** The private half, while the key signs. */
@Entity('audit_private_keys')
export class AuditPrivateKeyRow {
  @ForeignKey(() => AuditKeyRow, { name: 'fk_audit_private_keys_key' })
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_audit_private_keys' })
  keyId: string;

  /** PKCS #8 PEM under the key ring, bound to the key id. */
  @Column({ type: 'text' })
  sealedKey: string;
}
