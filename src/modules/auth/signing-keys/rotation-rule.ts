import { secondsAfter } from '../../../kernel/runtime/index.js';

/**
 * Seconds between publishing a key and signing with it: every process has read it by then, and so has whoever verifies
 * our tokens elsewhere and keeps the published set for as long as its Cache-Control allows.
 */
export const PUBLISHED_AHEAD_SECONDS = 120;

/** Seconds that outside verifiers may keep the published set. */
export const JWKS_MAX_AGE_SECONDS = 60;

/** Added to the life of the last token signed, for processes that change over a little late. */
const CHANGE_OVER_SECONDS = 60;

const ROTATED_EVERY_SECONDS = 90 * 24 * 3600;

export function isDueForRotation(createdAt: Date, now: Date): boolean {
  return now.getTime() - createdAt.getTime() >= ROTATED_EVERY_SECONDS * 1000;
}

/** When a key made now begins to sign. */
export function signsFrom(now: Date): Date {
  return secondsAfter(now, PUBLISHED_AHEAD_SECONDS);
}

/** When the last token of a key has expired whose successor begins to sign at that instant. */
export function verifiesUntil(successorSignsFrom: Date, accessTtlSeconds: number): Date {
  return secondsAfter(successorSignsFrom, accessTtlSeconds + CHANGE_OVER_SECONDS);
}
