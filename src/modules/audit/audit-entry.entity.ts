import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Identifier, Nullable, OneOf } from '../../kernel/http/index.js';

export const OUTCOMES = ['success', 'failure', 'denied'] as const;

/** Inserted by the kernel with the change it reports, never changed afterwards; here it is only read. */
@Entity('audit_entries')
@Index('ix_audit_entries_tenant', { synchronize: false })
@Index('ix_audit_entries_actor', { synchronize: false })
@Index('ix_audit_entries_action', { synchronize: false })
@Index('ix_audit_entries_resource', { synchronize: false })
@Index('ix_audit_entries_resource_type', { synchronize: false })
@Index('ix_audit_entries_request', { synchronize: false })
@Index('ix_audit_entries_outcome', { synchronize: false })
@Index('ix_audit_entries_gateway', { synchronize: false })
@Index('ix_audit_entries_department', { synchronize: false })
@Index('ix_audit_entries_delegation', { synchronize: false })
@Index('ix_audit_entries_command', { synchronize: false })
@Index('ix_audit_entries_approval', { synchronize: false })
@Index('ix_audit_entries_sealing', ['clusterEpoch', 'xid', 'id'])
@Check('ck_audit_entries_outcome', `outcome = ANY ('{success,failure,denied}')`)
@Check('ck_audit_entries_detail', 'octet_length(detail) <= 16384')
export class AuditEntryRow {
  /** Identifier, a UUIDv7; sorting by it is sorting by time. */
  @Identifier({ example: '01936f5e-8000-7000-8000-000000000001' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_entries' })
  id: string;

  /** Tenant it happened in. */
  @Identifier({ example: '00000000-0000-7000-8000-000000000001' })
  @Column({ type: 'uuid' })
  tenantId: string;

  /** When it happened. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  occurredAt: Date;

  /** What kind of principal did it: user, service, agent or system; anonymous when nobody was signed in. */
  @OneOf(['user', 'service', 'agent', 'system', 'anonymous'], { example: 'user' })
  @Column({ type: 'varchar', length: 16 })
  actorKind: string;

  /** Id of the principal that did it. */
  @ApiProperty({ type: String, nullable: true, example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  @Column({ type: 'varchar', length: 253, nullable: true })
  actorId: string | null;

  /** Of the roles the principal had, the one with the most permissions. */
  @ApiProperty({ type: String, nullable: true, example: 'admin' })
  @Column({ type: 'varchar', length: 64, nullable: true })
  actorRole: string | null;

  /** In whose name it was done, as `kind:id`. */
  @ApiProperty({ type: [String], example: [] })
  @Column({ type: 'text', array: true, default: '{}' })
  onBehalfOf: string[];

  /** The delegations that lent the right, outermost first. */
  @ApiProperty({ type: [String], example: [] })
  @Column({ type: 'text', array: true, default: '{}' })
  delegationPath: string[];

  /** What was done, as `resource.verb`. */
  @ApiProperty({ example: 'user.invite' })
  @Column({ type: 'varchar', length: 100 })
  action: string;

  /** Kind of thing it was done to. */
  @ApiProperty({ example: 'user' })
  @Column({ type: 'varchar', length: 50 })
  resourceType: string;

  /** Which one. */
  @ApiProperty({ type: String, nullable: true, example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c12' })
  @Column({ type: 'varchar', length: 253, nullable: true })
  resourceId: string | null;

  /** Department it concerns. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  departmentId: string | null;

  /** Gateway it concerns. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  gatewayId: string | null;

  /** What the gateway was called then; stays when it is deleted. */
  @ApiProperty({ type: String, nullable: true, example: null })
  @Column({ type: 'varchar', length: 253, nullable: true })
  gatewayName: string | null;

  /** How it ended. */
  @OneOf(OUTCOMES, { example: 'success' })
  @Column({ type: 'varchar', length: 16 })
  outcome: string;

  /** Id of the request, as in the log and in `X-Request-Id`. */
  @ApiProperty({ type: String, nullable: true, example: '01936f5e-8000-7000-8000-000000000000' })
  @Column({ type: 'varchar', length: 128, nullable: true })
  requestId: string | null;

  /** Approval that allowed it. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  approvalId: string | null;

  /** Command it belongs to. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  commandId: string | null;

  /** Its number in an outside chronicle. */
  @ApiProperty({ type: String, nullable: true, example: null })
  @Column({ type: 'varchar', length: 64, nullable: true })
  eventCode: string | null;

  /** Canonical JSON, the very text that was hashed. */
  @Column({ type: 'text' })
  detail: string;

  @Column({ type: 'bytea', nullable: true })
  personalDigest: Buffer | null;

  @Column({ type: 'bytea' })
  leafHash: Buffer;

  @Column({ type: 'xid8' as 'text', default: () => 'pg_current_xact_id()' })
  xid: string;

  @Column({ type: 'integer', default: 1 })
  clusterEpoch: number;
}
