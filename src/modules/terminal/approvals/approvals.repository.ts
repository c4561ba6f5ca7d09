import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, planned, refusing, statement } from '../../../kernel/database/index.js';
import type { CommandRequest } from '../commands/command-request.entity.js';
import { AlreadyVoted } from '../terminal.errors.js';
import { Approval, type ApprovalStatus, type FinalStatus } from './approval.entity.js';
import { ApprovalVote } from './approval-vote.entity.js';

/** An approval with the command that it is about. */
export interface FullApproval extends Approval {
  readonly command: string | null;
  readonly argv: string[] | null;
  readonly display: string;
  readonly cwd: string | null;
  readonly env: Record<string, string>;
  readonly mode: 'local' | 'server';
  readonly gatewayId: string | null;
  readonly sessionId: string;
  readonly timeoutSeconds: number;
}

const OWN = columnsOf(Approval);
/**
 * What is over by the clock is shown as the schedule will leave it, also before it has come by, so that one version has
 * one content. Of two columns with one name a row keeps the later.
 */
const IS_OVERDUE = `a.status = 'pending' AND a.expires_at <= clock_timestamp()`;
const SHOWN = `${columnsOf(Approval, 'a')},
    CASE WHEN ${IS_OVERDUE} THEN 'expired' ELSE a.status END AS status,
    CASE WHEN ${IS_OVERDUE} THEN 'expired' ELSE a.resolved_because END AS "resolvedBecause",
    CASE WHEN ${IS_OVERDUE} THEN a.expires_at ELSE a.resolved_at END AS "resolvedAt",
    CASE WHEN ${IS_OVERDUE} THEN a.version + 1 ELSE a.version END AS version`;
const FULL = `SELECT ${SHOWN}, c.command, c.argv, c.display, c.cwd, c.env, c.mode, c.gateway_id AS "gatewayId",
    c.session_id AS "sessionId", c.timeout_seconds AS "timeoutSeconds"
  FROM terminal_approvals a JOIN command_requests c ON c.id = a.request_id`;

const byId = statement<FullApproval>('approval_by_id', `${FULL} WHERE a.tenant_id = $1 AND a.id = $2`);
/** In the order in which they changed, so that whoever is told some of it can be told the rest later. */
const AFTER = `${FULL} WHERE a.tenant_id = $1 AND ($2::uuid IS NULL OR a.requester_id = $2 OR a.delegator_id = $2)
  AND (a.changed_at, a.id) > ($3, $4)`;
const IN_ORDER = 'ORDER BY a.changed_at, a.id LIMIT $5';
const changedAfter = statement<FullApproval>('approvals_changed_after', `${AFTER} ${IN_ORDER}`);
const pendingAfter = statement<FullApproval>(
  'approvals_pending_after',
  `${AFTER} AND a.status = 'pending' AND a.expires_at > clock_timestamp() ${IN_ORDER}`,
);
const lock = statement<Approval>(
  'approval_lock',
  `SELECT ${OWN} FROM terminal_approvals WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`,
);
/** A statement of its own: what was asked while waiting for the lock would have been answered before it was had. */
const isOverdue = statement<{ isOverdue: boolean }>(
  'approval_is_overdue',
  'SELECT expires_at <= clock_timestamp() AS "isOverdue" FROM terminal_approvals WHERE id = $1',
);
const isUsedUp = statement<{ isUsedUp: boolean }>(
  'approval_is_used_up',
  `SELECT resolved_at + (expires_at - created_at) <= clock_timestamp() AS "isUsedUp"
     FROM terminal_approvals WHERE tenant_id = $1 AND id = $2`,
);
const add = statement<{ expiresAt: Date }>(
  'approval_add',
  `INSERT INTO terminal_approvals (id, tenant_id, request_id, requester_kind, requester_id, requester_name, delegator_id,
     digest, policy_version, reason, status, required_approvals, required_roles, expires_at, escalate_at, created_at,
     changed_at)
   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11, $12, at + make_interval(secs => $13),
     at + make_interval(secs => $14), at, at
   FROM clock_timestamp() AS at RETURNING expires_at AS "expiresAt"`,
);
const addVote = statement(
  'approval_vote_add',
  `INSERT INTO approval_votes (approval_id, voter_id, voter_name, vote, note, digest, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
);
const agreed = statement<{ votes: number }>(
  'approval_votes_agreed',
  `SELECT count(*)::integer AS votes FROM approval_votes WHERE approval_id = $1 AND vote = 'approve'`,
);
const votesOf = statement<ApprovalVote>(
  'approval_votes_of',
  `SELECT ${columnsOf(ApprovalVote)} FROM approval_votes WHERE approval_id = ANY ($1) ORDER BY created_at, voter_id`,
);
const touch = statement(
  'approval_touch',
  `UPDATE terminal_approvals SET version = version + 1, changed_at = clock_timestamp() WHERE id = $1 AND status = 'pending'`,
);
const end = statement<{ id: string }>(
  'approval_end',
  `UPDATE terminal_approvals
      SET status = $2::varchar, resolved_because = $3, policy_version = coalesce($4::varchar, policy_version),
          resolved_at = CASE WHEN $2::varchar = 'expired' THEN expires_at ELSE clock_timestamp() END, changed_at = clock_timestamp(), version = version + 1
    WHERE id = $1 AND status = 'pending' RETURNING id`,
);
const overdue = statement<Approval>(
  'approvals_overdue',
  `SELECT ${OWN} FROM terminal_approvals WHERE status = 'pending' AND expires_at <= clock_timestamp()
    ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
);
const escalate = statement<Approval>(
  'approvals_escalate',
  `UPDATE terminal_approvals SET escalated_at = clock_timestamp(), changed_at = clock_timestamp(), version = version + 1
    WHERE id IN (SELECT id FROM terminal_approvals
                  WHERE status = 'pending' AND escalated_at IS NULL AND escalate_at <= clock_timestamp() AND expires_at > clock_timestamp()
                  ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING ${OWN}`,
);

const alreadyVoted = { pk_approval_votes: () => new AlreadyVoted() };

/** Where somebody is in the order of the changes. */
export interface Place {
  readonly changedAt: Date;
  readonly id: string;
}

export interface NewApproval {
  readonly id: string;
  readonly command: CommandRequest;
  readonly requiredApprovals: number;
  readonly requiredRoles: readonly string[];
  readonly ttlSeconds: number;
  readonly escalateAfterSeconds: number | null;
}

/** All times are those of the database: it referees between processes whose clocks differ. */
@Injectable()
export class ApprovalsRepository {
  constructor(private readonly database: Database) {}

  byId({ tenantId }: TenantScope, id: string): Promise<FullApproval | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  /** Oldest change first; of one requester unless null. */
  changedAfter(
    { tenantId }: TenantScope,
    requesterId: string | null,
    { changedAt, id }: Place,
    limit: number,
  ): Promise<FullApproval[]> {
    return this.database.read(changedAfter, [tenantId, requesterId, changedAt, id, limit]);
  }

  /** The same of those that can still be decided about. */
  pendingAfter(
    { tenantId }: TenantScope,
    requesterId: string | null,
    { changedAt, id }: Place,
    limit: number,
  ): Promise<FullApproval[]> {
    return this.database.read(pendingAfter, [tenantId, requesterId, changedAt, id, limit]);
  }

  /** Newest first, those older than `beforeId`; of one requester unless null. */
  page(
    { tenantId }: TenantScope,
    status: ApprovalStatus | undefined,
    requesterId: string | null,
    beforeId: string | null,
    limit: number,
  ): Promise<FullApproval[]> {
    const { where, values } = conditionsFor(tenantId, status, requesterId, beforeId);
    return this.database.read(
      planned<FullApproval>(`${FULL} WHERE ${where} ORDER BY a.id DESC LIMIT ${limit}`),
      values,
    );
  }

  /** Counts no further than `most`. */
  async countUpTo(
    { tenantId }: TenantScope,
    status: ApprovalStatus | undefined,
    requesterId: string | null,
    most: number,
  ): Promise<number> {
    const { where, values } = conditionsFor(tenantId, status, requesterId, null);
    const text = `SELECT count(*)::integer AS count FROM (SELECT 1 FROM terminal_approvals a WHERE ${where} LIMIT ${most}) AS counted`;
    return (await this.database.readOne(planned<{ count: number }>(text), values))?.count ?? 0;
  }

  /** The row, held until the transaction ends: whoever decides queues here. */
  lock({ tenantId }: TenantScope, id: string): Promise<Approval | null> {
    return this.database.writeOne(lock, [tenantId, id]);
  }

  /** By the time it is now, asked while the row is held. */
  async isOverdue(id: string): Promise<boolean> {
    return (await this.database.writeOne(isOverdue, [id]))?.isOverdue ?? true;
  }

  /** Whether what was agreed to has waited for longer than one could agree to it. */
  async isUsedUp({ tenantId }: TenantScope, id: string): Promise<boolean> {
    return (await this.database.readOne(isUsedUp, [tenantId, id]))?.isUsedUp ?? true;
  }

  /** When it expires. */
  async add({ id, command, ...rules }: NewApproval): Promise<Date> {
    const { tenantId, principalKind, principalId, principalName, delegatorId, digest, reason } = command;
    const row = await this.database.writeOne(add, [
      id,
      tenantId,
      command.id,
      principalKind,
      principalId,
      principalName,
      delegatorId,
      digest,
      command.policyVersion,
      reason,
      rules.requiredApprovals,
      rules.requiredRoles,
      rules.ttlSeconds,
      rules.escalateAfterSeconds,
    ]);
    if (row === null) throw new Error('The approval was not stored.');
    return row.expiresAt;
  }

  /** @throws AlreadyVoted */
  async addVote(vote: Omit<ApprovalVote, 'createdAt'>): Promise<void> {
    const { approvalId, voterId, voterName, vote: said, note, digest } = vote;
    const values = [approvalId, voterId, voterName, said, note, digest];
    await refusing(this.database.write(addVote, values), alreadyVoted);
  }

  /** How many have agreed. */
  async agreed(id: string): Promise<number> {
    return (await this.database.writeOne(agreed, [id]))?.votes ?? 0;
  }

  /** Oldest first. */
  votesOf(ids: readonly string[]): Promise<ApprovalVote[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.database.read(votesOf, [ids]);
  }

  /** Something was said, but nothing decided. */
  async touch(id: string): Promise<void> {
    await this.database.write(touch, [id]);
  }

  /**
   * Whether it was pending until now: of all who try to end it, one gets `true`.
   *
   * @param policyVersion by which it was judged last, when it was judged again
   */
  async end(
    id: string,
    status: FinalStatus,
    because: string | null,
    policyVersion: string | null,
  ): Promise<boolean> {
    return (await this.database.writeOne(end, [id, status, because, policyVersion])) !== null;
  }

  /** Locked, those that somebody else holds left out. */
  overdue(limit: number): Promise<Approval[]> {
    return this.database.write(overdue, [limit]);
  }

  /** Those whose time to be announced again has come; each comes once. */
  escalate(limit: number): Promise<Approval[]> {
    return this.database.write(escalate, [limit]);
  }
}

function conditionsFor(
  tenantId: string,
  status: ApprovalStatus | undefined,
  requesterId: string | null,
  beforeId: string | null,
): { where: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const conditions = ['a.tenant_id = $1'];
  if (beforeId !== null) conditions.push(`a.id < $${values.push(beforeId)}`);
  if (requesterId !== null) {
    const at = `$${values.push(requesterId)}`;
    conditions.push(`(a.requester_id = ${at} OR a.delegator_id = ${at})`);
  }
  if (status !== undefined) conditions.push(STATUS_IS[status]);
  return { where: conditions.join(' AND '), values };
}

const STATUS_IS: Record<ApprovalStatus, string> = {
  pending: `a.status = 'pending' AND a.expires_at > clock_timestamp()`,
  expired: `(a.status = 'expired' OR ${IS_OVERDUE})`,
  approved: `a.status = 'approved'`,
  rejected: `a.status = 'rejected'`,
  cancelled: `a.status = 'cancelled'`,
};
