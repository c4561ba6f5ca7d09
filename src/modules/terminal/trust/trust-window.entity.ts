import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identifier, Nullable, OneOf, Text } from '../../../kernel/http/index.js';

export const TRUSTED_KINDS = ['user', 'service', 'agent'] as const;

/** For a while, and so many times, one principal need not be asked about some commands. */
@Entity('trust_windows')
@Index('ix_trust_windows_tenant', { synchronize: false })
@Index('ix_trust_windows_principal', ['tenantId', 'principalId', 'expiresAt'])
@Check('ck_trust_windows_principal_kind', `principal_kind IN ('user', 'service', 'agent')`)
@Check('ck_trust_windows_max_uses', 'max_uses BETWEEN 1 AND 1000')
@Check('ck_trust_windows_used', 'used BETWEEN 0 AND max_uses')
@Check('ck_trust_windows_what', '(pattern IS NULL) <> (digest IS NULL)')
@Check('ck_trust_windows_length', `expires_at <= created_at + interval '60 minutes'`)
export class TrustWindow {
  /** Identifier, a UUIDv7. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d04', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_trust_windows' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_trust_windows_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** What kind of principal is trusted. */
  @OneOf(TRUSTED_KINDS, { example: 'service' })
  @Column({ type: 'varchar', length: 16 })
  principalKind: (typeof TRUSTED_KINDS)[number];

  /** Which one. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22' })
  @Column({ type: 'uuid' })
  principalId: string;

  /** The first words of the commands that are trusted; null when it is one exact command. */
  @Nullable()
  @Text({ max: 512, example: 'npm publish' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  pattern: string | null;

  /** The digest of the one command that is trusted; null when it is a pattern. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', example: null })
  @Column({ type: 'varchar', length: 64, nullable: true })
  digest: string | null;

  /** Only for commands that are meant for this gateway. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  gatewayId: string | null;

  /** Why it was granted. */
  @Nullable()
  @Text({ max: 512, example: 'Release window of tonight.' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  reason: string | null;

  /** Who granted it. */
  @ApiProperty({ format: 'uuid', example: '01936f5e-0000-7c3a-9d61-000000000001' })
  @Column({ type: 'uuid' })
  grantedBy: string;

  @Column({ type: 'varchar', length: 254 })
  grantedByName: string;

  /** When it was granted. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** When it is over. */
  @ApiProperty({ example: '2026-01-05T09:42:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it was taken back. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;

  /** How many commands it is good for. */
  @ApiProperty({ type: 'integer', example: 10 })
  @Column({ type: 'integer' })
  maxUses: number;

  /** How many have used it. */
  @ApiProperty({ type: 'integer', example: 0 })
  @Column({ type: 'integer', default: 0 })
  used: number;
}
