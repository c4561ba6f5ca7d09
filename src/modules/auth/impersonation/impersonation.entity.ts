import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export const IMPERSONATION_ENDS = ['manual', 'expired', 'revoked'] as const;
export type ImpersonationEnd = (typeof IMPERSONATION_ENDS)[number];

/**
 * A session in which somebody acts as another user. It is no row of `auth_sessions`, so that nothing that lists, caps,
 * refreshes or ends sessions of the user takes it for one of theirs.
 */
@Entity('impersonations')
@Check('ck_impersonations_ended_reason', `ended_reason IN ('manual', 'expired', 'revoked')`)
@Check('ck_impersonations_ended', `(ended_at IS NULL) = (ended_reason IS NULL)`)
@Check('ck_impersonations_other', 'actor_id <> user_id')
@Index('ix_impersonations_tenant', { synchronize: false })
@Index('ix_impersonations_user', { synchronize: false })
@Index('ix_impersonations_actor', { synchronize: false })
@Index('ix_impersonations_live_family', ['actorFamilyId'], { where: 'ended_at IS NULL' })
@Index('ix_impersonations_live', ['id'], { where: 'ended_at IS NULL' })
export class Impersonation {
  /** Identifier, a UUIDv7: the `sid` claim of its token. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_impersonations' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_impersonations_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @ForeignKey('users', { name: 'fk_impersonations_actor' })
  @Column({ type: 'uuid' })
  actorId: string;

  @Column({ type: 'varchar', length: 64 })
  actorName: string;

  /** The session of who acts, with which it ends. */
  @Column({ type: 'uuid' })
  actorFamilyId: string;

  @ForeignKey('users', { name: 'fk_impersonations_user' })
  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'varchar', length: 64 })
  userName: string;

  /** Why, in the words of who acts. */
  @ApiProperty({ example: 'Ticket 4711: the list of keys stays empty.' })
  @Column({ type: 'varchar', length: 512 })
  reason: string;

  /** When it began. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** When it ends at the latest; nothing moves it. */
  @ApiProperty({ example: '2026-01-06T08:15:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it ended; null while it is live, and for up to a minute after it has run out. */
  @ApiProperty({ example: null, nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;

  /** How it ended: by who acted, by time, or because session, right or user was gone. */
  @ApiProperty({ example: null, nullable: true, enum: [...IMPERSONATION_ENDS, null], type: String })
  @Column({ type: 'varchar', length: 16, nullable: true })
  endedReason: ImpersonationEnd | null;
}
