import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Identifier, Nullable, OneOf, Text } from '../../../kernel/http/index.js';
import { CommandRequest } from '../commands/command-request.entity.js';

export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];
export type FinalStatus = Exclude<ApprovalStatus, 'pending'>;

/** A command that waits for a person. It leaves `pending` once, whoever is first. */
@Entity('terminal_approvals')
@Unique('uq_terminal_approvals_request', ['requestId'])
@Index('ix_terminal_approvals_tenant', { synchronize: false })
@Index('ix_terminal_approvals_status', { synchronize: false })
@Index('ix_terminal_approvals_requester', { synchronize: false })
@Index('ix_terminal_approvals_changed', ['tenantId', 'changedAt', 'id'])
@Index('ix_terminal_approvals_waiting', ['tenantId', 'changedAt', 'id'], { where: `status = 'pending'` })
@Index('ix_terminal_approvals_due', ['expiresAt'], { where: `status = 'pending'` })
@Index('ix_terminal_approvals_escalation', { synchronize: false })
@Check(
  'ck_terminal_approvals_status',
  `status IN ('pending', 'approved', 'rejected', 'expired', 'cancelled')`,
)
@Check('ck_terminal_approvals_required', 'required_approvals BETWEEN 1 AND 20')
@Check('ck_terminal_approvals_resolved', `(status = 'pending') = (resolved_at IS NULL)`)
export class Approval {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d03' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_terminal_approvals' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_terminal_approvals_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @ForeignKey(() => CommandRequest, { name: 'fk_terminal_approvals_request' })
  @Column({ type: 'uuid' })
  requestId: string;

  @Column({ type: 'varchar', length: 16 })
  requesterKind: 'user' | 'service' | 'agent';

  @Column({ type: 'uuid' })
  requesterId: string;

  @Column({ type: 'varchar', length: 254 })
  requesterName: string;

  /** The person whom an agent acts for. */
  @Column({ type: 'uuid', nullable: true })
  delegatorId: string | null;

  /** What is voted on: one changed byte of the command and it is another one. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** By which safety list and block rules it was judged last: what was agreed to holds under these and no others. */
  @Column({ type: 'varchar', length: 64 })
  policyVersion: string;

  /** Why the requester wants to run it. */
  @Nullable()
  @Text({ max: 512, example: 'Publishing the release.' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  reason: string | null;

  /** pending until somebody or something decides. */
  @OneOf(APPROVAL_STATUSES)
  @Column({ type: 'varchar', length: 16 })
  status: ApprovalStatus;

  /** How many different people have to agree. */
  @ApiProperty({ type: 'integer', example: 1 })
  @Column({ type: 'integer' })
  requiredApprovals: number;

  /** A voter has one of these roles, by its exact name; any approver when it is empty. */
  @ApiProperty({ type: [String], example: [] })
  @Column({ type: 'text', array: true, default: '{}' })
  requiredRoles: string[];

  /** From then on nobody can decide any more. */
  @ApiProperty({ example: '2026-01-05T09:17:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When those who look after the queue are told once more. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  escalateAt: Date | null;

  /** When they were. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  escalatedAt: Date | null;

  /** When it was asked for. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  changedAt: Date;

  /** When it was decided. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  resolvedAt: Date | null;

  /** What ended it when no person did: `policy`, `expired`, `requester_gone`. */
  @ApiProperty({ type: String, nullable: true, example: null })
  @Column({ type: 'varchar', length: 32, nullable: true })
  resolvedBecause: string | null;

  /** Grows by one with every vote and with the decision. */
  @ApiProperty({ example: 1 })
  @Column({ type: 'integer', default: 1 })
  version: number;
}
