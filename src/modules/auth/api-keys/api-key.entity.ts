import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Text } from '../../../kernel/http/index.js';

export type KeyOwnerKind = 'user' | 'service';

/** A long-lived credential of a user or a service. Only its hash is kept. */
@Entity('api_keys')
@Check('ck_api_keys_owner_kind', `owner_kind IN ('user', 'service')`)
@Unique('uq_api_keys_key_hash', ['keyHash'])
@Index('ix_api_keys_owner', { synchronize: false })
export class ApiKey {
  /** Identifier, a UUIDv7. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c33', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_api_keys' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_api_keys_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @Column({ type: 'varchar', length: 16 })
  ownerKind: KeyOwnerKind;

  @Column({ type: 'uuid' })
  ownerId: string;

  /** What the key is used for. */
  @Text({ min: 0, max: 64, example: 'laptop' })
  @Column({ type: 'varchar', length: 64, default: '' })
  name: string;

  /** The first 16 characters of the key, to recognise it by. */
  @ApiProperty({ example: 'rv_usr_4fQ8sLw2K' })
  @Column({ type: 'varchar', length: 16 })
  keyPrefix: string;

  @Column({ type: 'varchar', length: 64 })
  keyHash: string;

  /** Permissions the key is limited to; `null` is everything its owner may do, `[]` nothing. */
  @ApiProperty({ example: ['user.read'], nullable: true, type: [String] })
  @Column({ type: 'text', array: true, nullable: true })
  scopes: string[] | null;

  /** Networks the key may be used from; empty is everywhere. */
  @ApiProperty({ example: ['203.0.113.0/24'], type: [String] })
  @Column({ type: 'text', array: true, default: '{}' })
  allowedCidrs: string[];

  /** Who created it. */
  @ApiProperty({
    example: '01936f5e-0000-7c3a-9d61-000000000001',
    format: 'uuid',
    nullable: true,
    type: String,
  })
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  /** When it was created. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** Last use, to the minute. */
  @ApiProperty({ example: '2026-01-06T08:00:00.000Z', nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastUsedAt: Date | null;

  /** From this instant on the key is refused. */
  @ApiProperty({ example: '2026-04-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it was revoked; null while it is not. */
  @ApiProperty({ example: null, nullable: true, type: Date })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;

  /** The key that takes its place after a rotation. */
  @ApiProperty({ example: null, nullable: true, type: String, format: 'uuid' })
  @Column({ type: 'uuid', nullable: true })
  replacedById: string | null;
}
