import type { Pairing } from './pairing.entity.js';

export const FIRST_INTERVAL_SECONDS = 5;
const STEP_SECONDS = 5;
const LONGEST_INTERVAL_SECONDS = 60;
/** A device that keeps its interval may still arrive a little early, because the way here is not always equally long. */
const TOLERANCE_MS = 1_000;

/** What the device must leave between two questions from now on, and whether it has asked too early (RFC 8628 §3.5). */
export function paced(
  { lastPolledAt, intervalSeconds }: Pick<Pairing, 'lastPolledAt' | 'intervalSeconds'>,
  now: Date,
): { readonly isTooSoon: boolean; readonly intervalSeconds: number } {
  const passedMs = lastPolledAt === null ? Infinity : now.getTime() - lastPolledAt.getTime();
  const isTooSoon = passedMs < intervalSeconds * 1000 - TOLERANCE_MS;
  if (!isTooSoon) return { isTooSoon, intervalSeconds };
  return { isTooSoon, intervalSeconds: Math.min(intervalSeconds + STEP_SECONDS, LONGEST_INTERVAL_SECONDS) };
}
