import { Injectable } from '@nestjs/common';
import type { Fact } from '../../../kernel/events/index.js';
import { SettingsStore } from '../../../kernel/settings/index.js';
import type { CommandRequest } from '../commands/command-request.entity.js';
import {
  approvalsEscalateAfterSeconds,
  approvalsRequired,
  approvalsRequiredRoles,
  approvalsTtlSeconds,
} from '../terminal.settings.js';
import { ApprovalRequested } from './approval.events.js';
import { ApprovalsRepository } from './approvals.repository.js';

/** Puts a command into the queue of those who decide. */
@Injectable()
export class NewApprovals {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly settings: SettingsStore,
  ) {}

  /** Inside the caller's transaction, after the command is stored. The fact to be recorded with it. */
  async open(id: string, command: CommandRequest): Promise<Fact> {
    const { tenantId, digest } = command;
    const needed = await this.settings.get(tenantId, approvalsRequired);
    const expiresAt = await this.approvals.add({
      id,
      command,
      requiredApprovals: needed,
      requiredRoles: await this.settings.get(tenantId, approvalsRequiredRoles),
      ttlSeconds: await this.settings.get(tenantId, approvalsTtlSeconds),
      escalateAfterSeconds: await this.settings.get(tenantId, approvalsEscalateAfterSeconds),
    });
    return new ApprovalRequested({
      resourceId: id,
      approvalId: id,
      commandId: command.id,
      detail: {
        digest,
        needed,
        expiresAt: expiresAt.toISOString(),
        requester: `${command.principalKind}:${command.principalId}`,
      },
    });
  }
}
