import { Injectable } from '@nestjs/common';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { ChangesAwaited } from '../waiting/changes-awaited.js';
import { WaitingClients } from '../waiting/waiting-clients.js';
import { ApprovalView, type ApprovalsQuery } from './approval.dto.js';
import { ApprovalsRepository, type FullApproval } from './approvals.repository.js';
import { seesAll } from './approval-readers.js';

/** What waits for a person, and what became of it. */
@Injectable()
export class ApprovalDirectory {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly awaited: ChangesAwaited,
    private readonly clients: WaitingClients,
    private readonly cursors: Cursors,
  ) {}

  async page(query: ApprovalsQuery, reader: Principal): Promise<Page<ApprovalView>> {
    const { limit, status, total } = query;
    const requesterId = seesAll(reader) ? null : reader.id;
    const binding = bindingOf('approvals', reader.tenantId, { status, requesterId });
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.approvals.page(reader, status, requesterId, before, limit + 1);
    const votes = await this.approvals.votesOf(rows.map(({ id }) => id));
    const page = this.cursors.page(
      rows,
      limit,
      binding,
      ({ id }) => [id],
      (row) => ApprovalView.of(row, votes),
    );
    if (total !== true) return page;
    return {
      ...page,
      ...totalsOf(await this.approvals.countUpTo(reader, status, requesterId, TOTAL_CAP + 1)),
    };
  }

  /** @throws NotFound */
  async view(id: string, reader: Principal): Promise<ApprovalView> {
    return this.viewOf(await this.visible(id, reader));
  }

  /** Waits for a decision, if there is none yet. @throws NotFound, TooManyStreams */
  async decided(id: string, reader: Principal, longestMs: number, gone: AbortSignal): Promise<ApprovalView> {
    const decided = await this.clients.during(reader, () =>
      this.awaited.until({
        tag: `approval:${id}`,
        load: () => this.visible(id, reader),
        isOver: ({ status }) => status !== 'pending',
        longestMs,
        gone,
      }),
    );
    return this.viewOf(decided);
  }

  private async viewOf(approval: FullApproval): Promise<ApprovalView> {
    return ApprovalView.of(approval, await this.approvals.votesOf([approval.id]));
  }

  private async visible(id: string, reader: Principal): Promise<FullApproval> {
    const row = await this.approvals.byId(reader, id);
    if (row === null || !isVisible(row, reader)) throw new NotFound();
    return row;
  }
}

function isVisible({ requesterId, delegatorId }: FullApproval, reader: Principal): boolean {
  return seesAll(reader) || requesterId === reader.id || delegatorId === reader.id;
}
