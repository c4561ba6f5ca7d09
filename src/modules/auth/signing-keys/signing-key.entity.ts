import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from '../../../kernel/crypto/index.js';

/** A key pair that access tokens are signed with. */
@Entity('signing_keys')
@Index('uq_signing_keys_current', { synchronize: false })
export class StoredSigningKey {
  /** RFC 7638 thumbprint of the public half. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_signing_keys' })
  kid: string;

  @Column({ type: 'varchar', length: 16 })
  algorithm: string;

  @Column({ type: 'jsonb' })
  publicJwk: PublicJwk;

  /** PKCS #8 PEM under the key ring, bound to the kid. */
  @Column({ type: 'bytea' })
  privateKey: Buffer;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** Published before this instant, used from it on. */
  @Column({ type: 'timestamptz', precision: 3 })
  signsFrom: Date;

  /** Null while no successor has been made. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  verifiesUntil: Date | null;
}
