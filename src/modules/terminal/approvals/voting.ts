import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, type Problem } from '../../../kernel/problem/index.js';
import { SettingsStore } from '../../../kernel/settings/index.js';
import { Claims } from '../commands/claims.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import { RefusedNow } from '../commands/refused-now.js';
import {
  AlreadyResolved,
  ApprovalExpired,
  DigestMismatch,
  NotRequester,
  OwnRequest,
  PolicyChanged,
} from '../terminal.errors.js';
import { delegatorMayApprove } from '../terminal.settings.js';
import type { Approval } from './approval.entity.js';
import { ApprovalVoteCast } from './approval.events.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { requireRole, requireSelf } from './eligibility.js';
import { Resolutions } from './resolutions.js';

/** What one vote led to. */
export interface Count {
  readonly isResolved: boolean;
  readonly votes: number;
  readonly needed: number;
}

/** What a person says, or the problem they are to be told after what it entailed has been committed. */
type Outcome<T> = { readonly value: T } | { readonly problem: Problem };

/**
 * People's decisions. Everybody who decides about an approval holds its row while they do, so that of those who come at
 * once, on whatever process, one is first; whether it has expired is asked of the database while the row is held.
 */
@Injectable()
export class Voting {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly resolutions: Resolutions,
    private readonly commands: CommandsRepository,
    private readonly claims: Claims,
    private readonly settings: SettingsStore,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  /**
   * @param digest of what the voter saw
   * @throws NotFound, OwnRequest, VoterNotEligible, DigestMismatch, PolicyChanged, AlreadyVoted, AlreadyResolved,
   * ApprovalExpired
   */
  async approve(id: string, digest: string, note: string | null, voter: Principal): Promise<Count> {
    return told(await this.recordApproval(id, digest, note, voter));
  }

  /** One refusal ends it. @throws as `approve` does, but for the digest and the rules */
  async reject(id: string, note: string, voter: Principal): Promise<void> {
    told(await this.recordRejection(id, note, voter));
  }

  /** By the one who asked. @throws NotFound, NotRequester, AlreadyResolved, ApprovalExpired */
  async cancel(id: string, caller: Principal, mayReadAll: boolean): Promise<void> {
    told(await this.recordCancellation(id, caller, mayReadAll));
  }

  @Transactional()
  async recordApproval(
    id: string,
    digest: string,
    note: string | null,
    voter: Principal,
  ): Promise<Outcome<Count>> {
    const approval = await this.held(id, voter);
    const over = await this.overProblem(approval);
    if (over !== null) return { problem: over };
    await this.requireEligible(approval, voter);
    if (digest !== approval.digest) throw new DigestMismatch();
    // Asked at the same time as a rule was written, it may have been missed when the queue was reviewed.
    const command = await this.commands.byId(approval, approval.requestId);
    const judgement = command === null ? new RefusedNow([]) : await this.claims.judgedNow(command);
    if (judgement instanceof RefusedNow) {
      await this.resolutions.cancel(approval, 'policy', judgement.reasons);
      return { problem: new PolicyChanged() };
    }
    await this.approvals.addVote({ ...voteOf(approval, voter), vote: 'approve', note });
    const votes = await this.approvals.agreed(id);
    const needed = approval.requiredApprovals;
    if (votes >= needed) {
      await this.resolutions.approve(approval, votes, judgement.policyVersion);
      return { value: { isResolved: true, votes, needed } };
    }
    await this.countVote(approval, votes);
    return { value: { isResolved: false, votes, needed } };
  }

  @Transactional()
  async recordRejection(id: string, note: string, voter: Principal): Promise<Outcome<void>> {
    const approval = await this.held(id, voter);
    const over = await this.overProblem(approval);
    if (over !== null) return { problem: over };
    await this.requireEligible(approval, voter);
    await this.approvals.addVote({ ...voteOf(approval, voter), vote: 'reject', note });
    await this.resolutions.reject(approval);
    return { value: undefined };
  }

  @Transactional()
  async recordCancellation(id: string, caller: Principal, mayReadAll: boolean): Promise<Outcome<void>> {
    const approval = await this.held(id, caller);
    if (approval.requesterId !== caller.id) throw mayReadAll ? new NotRequester() : new NotFound();
    const over = await this.overProblem(approval);
    if (over !== null) return { problem: over };
    await this.resolutions.cancel(approval, 'requester');
    return { value: undefined };
  }

  private async held(id: string, caller: Principal): Promise<Approval> {
    const approval = await this.approvals.lock(caller, id);
    if (approval === null) throw new NotFound();
    return approval;
  }

  /** Null while it can be decided about. One that is found to be overdue is ended here, as the schedule would. */
  private async overProblem(approval: Approval): Promise<Problem | null> {
    if (approval.status === 'expired') return new ApprovalExpired();
    if (approval.status !== 'pending') return new AlreadyResolved(approval.status);
    if (!(await this.approvals.isOverdue(approval.id))) return null;
    await this.resolutions.expire(approval);
    return new ApprovalExpired();
  }

  private async requireEligible(approval: Approval, voter: Principal): Promise<void> {
    requireSelf(voter);
    if (approval.requesterId === voter.id) throw new OwnRequest();
    if (approval.delegatorId === voter.id) {
      const mayApprove = await this.settings.get(approval.tenantId, delegatorMayApprove);
      if (!mayApprove)
        throw new OwnRequest('The person whom an agent acts for does not approve its commands.');
    }
    requireRole(approval.requiredRoles, voter);
  }

  private async countVote(
    { id, requestId, digest, requiredApprovals }: Approval,
    votes: number,
  ): Promise<void> {
    await this.approvals.touch(id);
    const detail = { digest, votes, needed: requiredApprovals };
    await this.events.record(
      new ApprovalVoteCast({ resourceId: id, approvalId: id, commandId: requestId, detail }),
    );
    await this.changes.announce('approval', id);
  }
}

function voteOf({ id, digest }: Approval, voter: Principal) {
  return { approvalId: id, voterId: voter.id, voterName: voter.name, digest };
}

function told<T>(outcome: Outcome<T>): T {
  if ('problem' in outcome) throw outcome.problem;
  return outcome.value;
}
