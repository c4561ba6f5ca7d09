import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { ApprovalEscalated } from './approval.events.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { Resolutions } from './resolutions.js';

const AT_ONCE = 200;

/** Ends what nobody decided about in time, and announces once more what has waited for long. */
@Injectable()
export class ApprovalsSchedule {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly resolutions: Resolutions,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  @Scheduled({
    name: 'terminal.approvals',
    everySeconds: 5,
    description:
      'Expires commands that nobody decided about in time and announces again those that wait for long.',
  })
  async run(): Promise<void> {
    while ((await this.expireSome()) === AT_ONCE);
    while ((await this.escalateSome()) === AT_ONCE);
  }

  @Transactional()
  async expireSome(): Promise<number> {
    const overdue = await this.approvals.overdue(AT_ONCE);
    for (const approval of overdue) await this.resolutions.expire(approval);
    return overdue.length;
  }

  @Transactional()
  async escalateSome(): Promise<number> {
    const late = await this.approvals.escalate(AT_ONCE);
    for (const { id, requestId, tenantId, digest, expiresAt } of late) {
      const detail = { digest, expiresAt: expiresAt.toISOString() };
      await this.events.record(
        new ApprovalEscalated({ resourceId: id, approvalId: id, commandId: requestId, tenantId, detail }),
      );
      await this.changes.announce('approval', id);
    }
    return late.length;
  }
}
