import { setTimeout as pause } from 'node:timers/promises';
import { type Api, textIn } from '../api.js';
import { Failure, isPassing } from '../failure.js';
import { Progress } from './progress.js';

const WAIT_SECONDS = 25;
const RETRY_MS = 3_000;

export type ApprovalEnd = 'approved' | 'rejected' | 'expired' | 'cancelled';
const ENDS: readonly ApprovalEnd[] = ['approved', 'rejected', 'expired', 'cancelled'];

/** Waits until somebody has decided. An outage of the server does not end the wait: the decision stands there. */
export async function awaitApproval(api: Api, approvalId: string, signal: AbortSignal): Promise<ApprovalEnd> {
  const progress = new Progress('Waiting for an approval');
  try {
    for (;;) {
      const end = await endOf(api, approvalId, signal);
      if (end !== undefined) return end;
    }
  } finally {
    progress.end();
  }
}

async function endOf(api: Api, approvalId: string, signal: AbortSignal): Promise<ApprovalEnd | undefined> {
  try {
    const path = `/terminal/approvals/${encodeURIComponent(approvalId)}?waitSeconds=${WAIT_SECONDS}`;
    const approval = await api.get(path, { timeoutMs: (WAIT_SECONDS + 10) * 1000, signal });
    const status = textIn(approval, 'status');
    if (status === 'pending') return undefined;
    const end = ENDS.find((one) => one === status);
    if (end === undefined) throw new Failure(`${api.server} told of no approval: is it Reeve?`);
    return end;
  } catch (error) {
    if (!isPassing(error)) throw error;
    await pause(RETRY_MS, undefined, { signal });
    return undefined;
  }
}
