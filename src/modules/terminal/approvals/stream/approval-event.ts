import { ApprovalView } from '../approval.dto.js';
import type { FullApproval } from '../approvals.repository.js';
import type { ApprovalVote } from '../approval-vote.entity.js';
import type { StreamEvent } from '../../streams/event-stream.js';

const EVENT_ID = /^(\d{1,15})-[0-9a-f-]{36}$/;
/** Commits need not come in the order of their times; what is sent twice has the same version. */
const OVERLAP_MS = 5_000;

export function eventOf(approval: FullApproval, votes: readonly ApprovalVote[]): StreamEvent {
  return {
    id: `${approval.changedAt.getTime()}-${approval.id}`,
    name: 'approval',
    data: ApprovalView.of(approval, votes),
  };
}

/** From when on a client that comes back has to be told; null when it does not say where it was. */
export function resumedFrom(lastEventId: string | undefined): Date | null {
  const ms = Number(EVENT_ID.exec(lastEventId ?? '')?.[1] ?? NaN);
  return Number.isNaN(ms) ? null : new Date(Math.max(0, ms - OVERLAP_MS));
}
