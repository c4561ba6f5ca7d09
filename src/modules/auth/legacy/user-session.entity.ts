import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session of the former system, kept for import only. */
@Entity({ name: 'user_sessions', comment: 'Legacy sessions, kept for import only.' })
export class LegacyUserSession {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_user_sessions' })
  id: string;

  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'varchar', length: 128 })
  refreshTokenHash: string;

  /** JSON as the former system wrote it, sometimes broken. */
  @Column({ type: 'varchar', length: 2048, nullable: true })
  deviceInfo: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
