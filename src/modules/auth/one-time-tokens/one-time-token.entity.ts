import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** What a one-time token is good for; a token of one purpose is worthless for the others. */
export type TokenPurpose = 'invite' | 'reset' | 'verify' | 'setup';

/** A token sent to somebody once. Only its hash is kept. */
@Entity('one_time_tokens')
@Unique('uq_one_time_tokens_hash', ['tokenHash'])
@Index('ix_one_time_tokens_subject', ['purpose', 'subjectId'])
@Index('ix_one_time_tokens_expires_at', ['expiresAt'])
export class OneTimeToken {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_one_time_tokens' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_one_time_tokens_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @Column({ type: 'varchar', length: 32 })
  purpose: TokenPurpose;

  @Column({ type: 'varchar', length: 64 })
  tokenHash: string;

  /** The user it was made for; null for the set-up of a fresh install, which has no user yet. */
  @Column({ type: 'uuid', nullable: true })
  subjectId: string | null;

  /** What using the token brings about, sealed by the key ring; null when the purpose says it all. */
  @Column({ type: 'text', nullable: true })
  payload: string | null;

  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it was spent or voided by a newer one. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  usedAt: Date | null;
}
