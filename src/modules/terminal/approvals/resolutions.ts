import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog, type Fact } from '../../../kernel/events/index.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import type { CommandStatus, Decision } from '../commands/command-request.entity.js';
import type { Reason } from '../decision/index.js';
import { ApprovalApproved, ApprovalCancelled, ApprovalExpired, ApprovalRejected } from './approval.events.js';
import type { Approval, FinalStatus } from './approval.entity.js';
import { ApprovalsRepository } from './approvals.repository.js';

/** What ended an approval when no vote did. */
export type Because = 'expired' | 'requester' | 'policy' | 'requester_gone';

interface CommandAfter {
  readonly status: CommandStatus;
  readonly decision: Decision | null;
}

const COMMAND_AFTER: Record<FinalStatus, CommandAfter> = {
  approved: { status: 'queued', decision: 'confirmed' },
  rejected: { status: 'rejected', decision: 'rejected' },
  expired: { status: 'expired', decision: 'rejected' },
  cancelled: { status: 'cancelled', decision: null },
};

/**
 * The one way in which an approval leaves `pending`: the row, its command and one entry in the log change together, inside
 * the caller's transaction. Of all who try, one succeeds.
 */
@Injectable()
export class Resolutions {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly commands: CommandsRepository,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  /**
   * @param votes how many agreed
   * @param policyVersion of the rules that let it be agreed to
   */
  approve(approval: Approval, votes: number, policyVersion: string): Promise<boolean> {
    const { digest, requiredApprovals: needed } = approval;
    const fact = new ApprovalApproved({ ...about(approval), detail: { digest, votes, needed } });
    return this.end(approval, 'approved', null, fact, policyVersion);
  }

  reject(approval: Approval): Promise<boolean> {
    const detail = { digest: approval.digest, because: null };
    const outcome = 'denied' as const;
    return this.end(
      approval,
      'rejected',
      null,
      new ApprovalRejected({ ...about(approval), outcome, detail }),
    );
  }

  expire(approval: Approval): Promise<boolean> {
    const detail = { digest: approval.digest, because: 'expired' };
    return this.end(approval, 'expired', 'expired', new ApprovalExpired({ ...about(approval), detail }));
  }

  /** @param reasons that the command is to say from then on, beside its own */
  cancel(approval: Approval, because: Because, reasons: readonly Reason[] = []): Promise<boolean> {
    const detail = { digest: approval.digest, because };
    const fact = new ApprovalCancelled({ ...about(approval), detail });
    return this.end(approval, 'cancelled', because, fact, null, reasons);
  }

  private async end(
    approval: Approval,
    status: FinalStatus,
    because: Because | null,
    fact: Fact,
    policyVersion: string | null = null,
    reasons: readonly Reason[] = [],
  ): Promise<boolean> {
    if (!(await this.approvals.end(approval.id, status, because, policyVersion))) return false;
    const after = COMMAND_AFTER[status];
    // What the rules refuse was rejected; what was withdrawn was never decided about.
    const decision = because === 'policy' ? 'rejected' : after.decision;
    const { requestId } = approval;
    await this.commands.move(approval, requestId, ['awaiting_approval'], after.status, decision, reasons);
    await this.events.record(fact);
    await this.changes.announce('approval', approval.id);
    await this.changes.announce('command', requestId);
    return true;
  }
}

function about({ id, requestId, tenantId }: Approval) {
  return { resourceId: id, approvalId: id, commandId: requestId, tenantId };
}
