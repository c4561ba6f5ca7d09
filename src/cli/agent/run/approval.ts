import { setTimeout as pause } from 'node:timers/promises';
import { type Api, textIn } from '../api.js';
import { Unreachable } from '../failure.js';
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
    return ENDS.find((end) => end === textIn(approval, 'status'));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    await pause(RETRY_MS, undefined, { signal });
    return undefined;
  }
}
