import { setTimeout as pause } from 'node:timers/promises';
import { type Api, listIn, textIn } from '../api.js';
import { Failure, isPassing } from '../failure.js';
import { Progress } from './progress.js';

const WAIT_SECONDS = 25;
const RETRY_MS = 3_000;

export type ApprovalEnd = 'approved' | 'rejected' | 'expired' | 'cancelled';
const ENDS: readonly ApprovalEnd[] = ['approved', 'rejected', 'expired', 'cancelled'];

export interface ApprovalOutcome {
  readonly end: ApprovalEnd;
  /** Why: when it was rejected, in the words of whoever did. */
  readonly notes: readonly string[];
}

/** Waits until somebody has decided. An outage of the server does not end the wait: the decision stands there. */
export async function awaitApproval(
  api: Api,
  approvalId: string,
  signal: AbortSignal,
): Promise<ApprovalOutcome> {
  const progress = new Progress('Waiting for an approval');
  try {
    for (;;) {
      const outcome = await outcomeOf(api, approvalId, signal);
      if (outcome !== undefined) return outcome;
    }
  } finally {
    progress.end();
  }
}

async function outcomeOf(
  api: Api,
  approvalId: string,
  signal: AbortSignal,
): Promise<ApprovalOutcome | undefined> {
  try {
    const path = `/terminal/approvals/${encodeURIComponent(approvalId)}?waitSeconds=${WAIT_SECONDS}`;
    const approval = await api.get(path, { timeoutMs: (WAIT_SECONDS + 10) * 1000, signal });
    const status = textIn(approval, 'status');
    if (status === 'pending') return undefined;
    const end = ENDS.find((one) => one === status);
    if (end === undefined) throw new Failure(`${api.server} told of no approval: is it Reeve?`);
    return { end, notes: notesOn(end, approval) };
  } catch (error) {
    if (!isPassing(error)) throw error;
    await pause(RETRY_MS, undefined, { signal });
    return undefined;
  }
}

function notesOn(end: ApprovalEnd, approval: unknown): string[] {
  if (end === 'rejected') return rejectionsOf(approval);
  const isRefusedNow = end === 'cancelled' && textIn(approval, 'resolvedBecause') === 'policy';
  return isRefusedNow ? ['rules or rights have changed, and now they do not let it run'] : [];
}

function rejectionsOf(approval: unknown): string[] {
  return listIn(approval, 'votes').flatMap((vote) =>
    textIn(vote, 'vote') === 'reject' ? (textIn(vote, 'note') ?? []) : [],
  );
}
