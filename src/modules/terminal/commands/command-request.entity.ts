import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identifier, Nullable, OneOf, Text } from '../../../kernel/http/index.js';
import type { DecidedSegment, Reason } from '../decision/index.js';
import { ReasonView, SegmentView } from '../judgement/judgement.view.js';

export const MODES = ['local', 'server'] as const;
export type Mode = (typeof MODES)[number];
export const VERDICTS = ['allow', 'confirm', 'approve', 'reject', 'deny'] as const;
export const DECISIONS = ['executed', 'confirmed', 'rejected', 'denied'] as const;
export type Decision = (typeof DECISIONS)[number];
export const COMMAND_STATUSES = [
  'evaluated',
  'awaiting_confirmation',
  'awaiting_approval',
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'rejected',
  'denied',
  'expired',
  'unknown',
] as const;
export type CommandStatus = (typeof COMMAND_STATUSES)[number];

/** What ends a command of the server that would go on by itself. */
export type StopCause = 'requester' | 'policy' | 'timeout' | 'shutdown' | 'lease_lost';
export const USUAL_RUN_SECONDS = 60;
export const LONGEST_RUN_SECONDS = 3_600;

/** One command that somebody wants to run, what was decided about it, and how it ended. */
@Entity('command_requests')
@Index('ix_command_requests_tenant', { synchronize: false })
@Index('ix_command_requests_principal', { synchronize: false })
@Index('ix_command_requests_session', { synchronize: false })
@Index('ix_command_requests_status', { synchronize: false })
@Index('ix_command_requests_decision', { synchronize: false })
@Index('ix_command_requests_mode', { synchronize: false })
@Index('ix_command_requests_decided', { synchronize: false })
@Index('ix_command_requests_offered', ['id'], { where: `status IN ('awaiting_confirmation', 'queued')` })
@Index('ix_command_requests_runs', { synchronize: false })
@Index('ix_command_requests_queue', { synchronize: false })
@Check('ck_command_requests_timeout', 'timeout_seconds BETWEEN 1 AND 3600')
@Check('ck_command_requests_mode', `mode IN ('local', 'server')`)
@Check('ck_command_requests_verdict', `verdict IN ('allow', 'confirm', 'approve', 'reject', 'deny')`)
@Check(
  'ck_command_requests_status',
  `status IN ('evaluated', 'awaiting_confirmation', 'awaiting_approval', 'queued', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'rejected', 'denied', 'expired', 'unknown')`,
)
@Check('ck_command_requests_decision', `decision IN ('executed', 'confirmed', 'rejected', 'denied')`)
export class CommandRequest {
  /** Identifier, a UUIDv7. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d02' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_command_requests' })
  id: string;

  @ForeignKey('tenants', { name: 'fk_command_requests_tenant' })
  @Column({ type: 'uuid' })
  tenantId: string;

  @Column({ type: 'varchar', length: 16 })
  principalKind: 'user' | 'service' | 'agent';

  @Column({ type: 'uuid' })
  principalId: string;

  @Column({ type: 'varchar', length: 254 })
  principalName: string;

  /** The person whom an agent acts for. */
  @Column({ type: 'uuid', nullable: true })
  delegatorId: string | null;

  @Column({ type: 'uuid', nullable: true })
  delegationId: string | null;

  /** The caller's terminal session, in the caller's own words. */
  @Text({ max: 64, example: 'term-7f3a' })
  @Column({ type: 'varchar', length: 64 })
  sessionId: string;

  /** Where it is to run: by the caller's own client, or by the server. */
  @OneOf(MODES)
  @Column({ type: 'varchar', length: 8 })
  mode: Mode;

  /** The gateway it is meant for. */
  @Nullable()
  @Identifier()
  @Column({ type: 'uuid', nullable: true })
  gatewayId: string | null;

  /** The text, exactly; null when it came as argv, or was too long to be kept. */
  @ApiProperty({ type: String, nullable: true, example: 'git push origin main' })
  @Column({ type: 'varchar', length: 10000, nullable: true })
  command: string | null;

  /** The arguments, exactly; null when it came as text, or was too long to be kept. */
  @ApiProperty({ type: [String], nullable: true, example: null })
  @Column({ type: 'jsonb', nullable: true })
  argv: string[] | null;

  /** For people's eyes: what a screen would hide is shown as an escape, argv is JSON. */
  @ApiProperty({ example: 'git push origin main' })
  @Column({ type: 'text' })
  display: string;

  /** The parts it was seen to consist of, and what was decided about each. */
  @ApiProperty({ type: [SegmentView] })
  @Column({ type: 'jsonb', default: [] })
  segments: DecidedSegment[];

  /** The directory it is to run in. */
  @ApiProperty({ type: String, nullable: true, example: '/srv/app' })
  @Column({ type: 'varchar', length: 1024, nullable: true })
  cwd: string | null;

  @Column({ type: 'jsonb', default: {} })
  env: Record<string, string>;

  @Column({ type: 'boolean', nullable: true })
  interactive: boolean | null;

  /** Why the caller wants to run it. */
  @Nullable()
  @Text({ max: 512, example: 'Publishing the release.' })
  @Column({ type: 'varchar', length: 512, nullable: true })
  reason: string | null;

  /** SHA-256 of everything that will be run, hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$', example: '5c'.repeat(32) })
  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** Which safety list and block rules it was judged by. */
  @ApiProperty({ example: 'a3'.repeat(32) })
  @Column({ type: 'varchar', length: 64 })
  policyVersion: string;

  /** What was decided when it was asked. */
  @OneOf(VERDICTS)
  @Column({ type: 'varchar', length: 8 })
  verdict: (typeof VERDICTS)[number];

  /** Why. */
  @ApiProperty({ type: [ReasonView] })
  @Column({ type: 'jsonb', default: [] })
  reasons: Reason[];

  /** Where it is now. */
  @OneOf(COMMAND_STATUSES)
  @Column({ type: 'varchar', length: 24 })
  status: CommandStatus;

  /** executed: ran without being asked about; confirmed: a person agreed; rejected: a person or a block rule refused, or nobody agreed in time; denied: by a safety check. */
  @Nullable()
  @OneOf(DECISIONS)
  @Column({ type: 'varchar', length: 16, nullable: true })
  decision: Decision | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  decidedAt: Date | null;

  /** The approval it waits or waited for. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  @Column({ type: 'uuid', nullable: true })
  approvalId: string | null;

  /** The window that let it pass without a person. */
  @Column({ type: 'uuid', nullable: true })
  trustWindowId: string | null;

  /** How long the server lets it run, in seconds. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: LONGEST_RUN_SECONDS, example: USUAL_RUN_SECONDS })
  @Column({ type: 'integer', default: USUAL_RUN_SECONDS })
  timeoutSeconds: number;

  /** The process that runs it. */
  @Column({ type: 'uuid', nullable: true })
  executorId: string | null;

  /** What that process says by then, or nobody knows what became of the command. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  leaseUntil: Date | null;

  /** Somebody wants it to end before it does. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  stopBecause: StopCause | null;

  /** What the program ended with. */
  @ApiProperty({ type: 'integer', nullable: true, example: 0 })
  @Column({ type: 'integer', nullable: true })
  exitCode: number | null;

  /** The signal that ended it. */
  @ApiProperty({ type: String, nullable: true, example: null })
  @Column({ type: 'varchar', length: 16, nullable: true })
  signal: string | null;

  /** Digest of the whole output, hexadecimal. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', example: null })
  @Column({ type: 'varchar', length: 64, nullable: true })
  outputSha256: string | null;

  @Column({ type: 'bigint', default: 0 })
  outputBytes: string;

  /** When it began to run. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  startedAt: Date | null;

  /** When it ended. */
  @ApiProperty({ type: Date, nullable: true, example: null })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  finishedAt: Date | null;

  /** When it was asked. */
  @ApiProperty({ example: '2026-01-05T09:12:00.000Z' })
  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
