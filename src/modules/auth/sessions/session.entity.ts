import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** Why a session row is no longer live. */
export type RevokedReason =
  | 'user_terminated'
  | 'password_changed'
  | 'admin_revoked'
  | 'reuse_detected'
  | 'session_cap_eviction'
  | 'user_disabled'
  | 'logout'
  | 'expired'
  | 'rotated';

export const UNKNOWN_FINGERPRINT = 'unknown';
export const UNKNOWN_DEVICE = 'Unknown device';

/**
 * One issuance of a refresh token. The rows of one family are one session: refreshing revokes the row with the reason
 * `rotated` and adds the next, so at most one row of a family is live.
 */
@Entity('auth_sessions')
@Unique('uq_auth_sessions_refresh_token_hash', ['refreshTokenHash'])
@Unique('uq_auth_sessions_previous', ['previousSessionId'])
@Index('ix_auth_sessions_user_live', ['userId', 'revoked', 'expiresAt'])
@Index('ix_auth_sessions_family', ['familyId'])
@Index('ix_auth_sessions_expires_at', ['expiresAt'])
@Index('ix_auth_sessions_user', { synchronize: false })
@Index('ix_auth_sessions_provider', { synchronize: false })
@Index('ix_auth_sessions_tenant', { synchronize: false })
@Index('uq_auth_sessions_live_family', ['familyId'], { unique: true, where: 'NOT revoked' })
export class Session {
  /** Identifier, a UUIDv7: the `sid` claim of the access tokens issued with this row. A refresh gives a new one. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c44', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_auth_sessions' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_auth_sessions_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Whose session it is. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11', format: 'uuid' })
  @ForeignKey('users', { name: 'fk_auth_sessions_user' })
  @Column({ type: 'uuid' })
  userId: string;

  /** Stays the same from login to logout, whatever number of refreshes lies between. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c40', format: 'uuid' })
  @Column({ type: 'uuid' })
  familyId: string;

  @Column({ type: 'varchar', length: 128 })
  refreshTokenHash: string;

  /** What the client said about its device when it signed in. */
  @ApiProperty({ example: 'f3a9c1' })
  @Column({ type: 'varchar', length: 128, default: UNKNOWN_FINGERPRINT })
  deviceFingerprint: string;

  /** Name of the device, as the client gave it when it signed in. */
  @ApiProperty({ example: 'Ada’s laptop' })
  @Column({ type: 'varchar', length: 256, default: UNKNOWN_DEVICE })
  deviceLabel: string;

  /** Address of the last sign-in or refresh. */
  @ApiProperty({ example: '203.0.113.7', nullable: true, type: String })
  @Column({ type: 'varchar', length: 64, nullable: true })
  ip: string | null;

  /** Program of the last sign-in or refresh. */
  @ApiProperty({ example: 'Mozilla/5.0', nullable: true, type: String })
  @Column({ type: 'varchar', length: 512, nullable: true })
  userAgent: string | null;

  /** How the user signed in: `local`, or the name of an identity provider. */
  @ApiProperty({ example: 'local' })
  @Column({ type: 'varchar', length: 32, default: 'local' })
  authProvider: string;

  /** Methods of authentication that were used (RFC 8176). */
  @ApiProperty({ example: ['pwd'], type: [String] })
  @Column({ type: 'text', array: true, default: '{}' })
  amr: string[];

  /** When the person last proved who they are; refreshing keeps it. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  authenticatedAt: Date;

  /** When this row was issued, by signing in or refreshing. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** Last sign-in or refresh. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  lastActiveAt: Date;

  /** End of the session however active it is; refreshing does not move it. */
  @ApiProperty({ example: '2026-02-05T08:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** Whether the session has ended. */
  @ApiProperty({ example: false })
  @Column({ type: 'boolean', default: false })
  revoked: boolean;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;

  /** Why it ended; null while it is live. */
  @ApiProperty({ example: null, nullable: true, type: String })
  @Column({ type: 'varchar', length: 64, nullable: true })
  revokedReason: RevokedReason | null;

  /** The row this one succeeded by a refresh; null for the first of a session. */
  @ApiProperty({ example: null, nullable: true, type: String, format: 'uuid' })
  @Column({ type: 'uuid', nullable: true })
  previousSessionId: string | null;
}
