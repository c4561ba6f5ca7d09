import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Flag } from '../../../kernel/http/index.js';
import { PlainEmail, Username } from './name-rules.js';

/** A person who can sign in. */
@Entity('users')
@Index('uq_users_username', ['tenantId', 'usernameKey'], { unique: true, where: 'deleted_at IS NULL' })
@Index('uq_users_email', ['tenantId', 'emailKey'], { unique: true, where: 'deleted_at IS NULL' })
@Index('uq_users_oidc', ['tenantId', 'oidcProvider', 'oidcSub'], {
  unique: true,
  where: 'oidc_sub IS NOT NULL',
})
@Index('ix_users_live', { synchronize: false })
@Index('ix_users_active', { synchronize: false })
@Index('ix_users_deleted', { synchronize: false })
@Index('ix_users_unverified', { synchronize: false })
export class User {
  /** Identifier, a UUIDv7. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_users' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_users_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Name for signing in, unique regardless of case, width and invisible characters; shown as it was entered. */
  @Username()
  @Column({ type: 'varchar', length: 64 })
  username: string;

  /** `canonicalLogin(username)`. */
  @Column({ type: 'varchar', length: 256 })
  usernameKey: string;

  /** Mail address, also good for signing in; unique like the name. */
  @PlainEmail()
  @Column({ type: 'varchar', length: 254 })
  email: string;

  /** `canonicalLogin(email)`. */
  @Column({ type: 'varchar', length: 1024 })
  emailKey: string;

  /** Null until the invitation is accepted, and for people who sign in elsewhere. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  passwordHash: string | null;

  /** Whether this person may sign in; disabling ends their sessions and revokes their keys. */
  @Flag({ example: true })
  @Column({ type: 'boolean', default: true })
  isActive: boolean;

  /** Whether commands of this person may run in sandboxes. */
  @Flag({ example: false })
  @Column({ type: 'boolean', default: false })
  isTerminalAuthorized: boolean;

  /** Whether commands of this person may run on the server itself. */
  @Flag({ example: false })
  @Column({ type: 'boolean', default: false })
  isServerTerminalAuthorized: boolean;

  /** When the person proved to read this mailbox, or an administrator vouched for it. */
  @ApiProperty({ example: '2026-01-05T09:30:00.000Z', nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  emailVerifiedAt: Date | null;

  /** Last sign-in with a password; refreshing a session does not count. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z', nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastLoginAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  passwordChangedAt: Date | null;

  @Column({ type: 'varchar', length: 100, nullable: true })
  oidcProvider: string | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  oidcSub: string | null;

  /** Why the account was disabled. */
  @ApiProperty({ example: null, nullable: true, type: String })
  @Column({ type: 'varchar', length: 256, nullable: true })
  disabledReason: string | null;

  /** Who invited this person; null for people who registered or set the service up. */
  @ApiProperty({
    example: '01936f5e-0000-7c3a-9d61-000000000001',
    format: 'uuid',
    nullable: true,
    type: String,
  })
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  /** When the account came into being. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  /** Last change of the account. */
  @ApiProperty({ example: '2026-01-05T09:30:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  /** When the account was deleted; null while it exists. */
  @ApiProperty({ example: null, nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt: Date | null;

  /** Grows by one with every change; the value for `If-Match`. */
  @ApiProperty({ example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
