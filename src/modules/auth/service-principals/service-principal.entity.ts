import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Flag, Matching, Text } from '../../../kernel/http/index.js';

const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A program that acts in its own name, with keys instead of a password. */
@Entity('service_principals')
@Unique('uq_service_principals_name', ['tenantId', 'name'])
@Index('ix_service_principals_tenant_id', { synchronize: false })
export class ServicePrincipal {
  /** Identifier, a UUIDv7. */
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22', format: 'uuid' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_service_principals' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_service_principals_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** Unique name, shown wherever the service acted: ASCII letters, digits, dots, underscores and hyphens. */
  @Matching(SERVICE_NAME, 'letters, digits, dots, underscores or hyphens, beginning with a letter or digit', {
    max: 100,
    example: 'nightly-deploy',
  })
  @Column({ type: 'varchar', length: 100 })
  name: string;

  /** What it is for and who looks after it. */
  @Text({ min: 0, max: 1024, multiline: true, example: 'Deploys the main branch every night.' })
  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  /** Whether its keys are accepted. */
  @Flag({ example: true })
  @Column({ type: 'boolean', default: true })
  isActive: boolean;

  /** Whether commands of this service may run in sandboxes. */
  @Flag({ example: false })
  @Column({ type: 'boolean', default: false })
  isTerminalAuthorized: boolean;

  /** Whether commands of this service may run on the server itself. */
  @Flag({ example: false })
  @Column({ type: 'boolean', default: false })
  isServerTerminalAuthorized: boolean;

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
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  /** Last change. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  /** Grows by one with every change; the value for `If-Match`. */
  @ApiProperty({ example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
