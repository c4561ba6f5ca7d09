import { Injectable } from '@nestjs/common';
import type { CommandRequest } from '../commands/command-request.entity.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import { ApprovalsRepository } from './approvals.repository.js';

/** What is wrong with what a command rests on that is about to run: it is not about this command, or it is too old. */
export type AgreementFault = 'changed' | 'outdated';

/** Whether what is about to run is what people agreed to, and not long ago. */
@Injectable()
export class Agreements {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly commands: CommandsRepository,
  ) {}

  /**
   * The votes are kept apart from the command and cannot be changed: it has to be what they were about.
   *
   * @param policyVersion by which it is judged now: the rules are a part of what was agreed to
   */
  async faultOf(command: CommandRequest, policyVersion: string): Promise<AgreementFault | null> {
    const { id, approvalId, digest } = command;
    // Nobody was asked but the client's own user, if at all.
    if (approvalId === null) return (await this.commands.isLapsed(command, id)) ? 'outdated' : null;
    const approval = await this.approvals.byId(command, approvalId);
    if (approval?.status !== 'approved' || approval.digest !== digest) return 'changed';
    if (approval.policyVersion !== policyVersion) return 'changed';
    const votes = await this.approvals.votesOf([approvalId]);
    const agreed = votes.filter((vote) => vote.vote === 'approve' && vote.digest === digest);
    if (agreed.length < approval.requiredApprovals) return 'changed';
    return (await this.approvals.isUsedUp(command, approvalId)) ? 'outdated' : null;
  }
}
