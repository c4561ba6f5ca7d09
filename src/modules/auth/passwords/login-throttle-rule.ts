import { laterOf, secondsAfter } from '../../../kernel/runtime/index.js';

/**
 * What failures are counted on: one login from one address, one login from anywhere, one address with any login. The
 * login is its canonical form, whether or not such a user exists, so a lock tells nothing about accounts.
 */
export type ThrottleKind = 'login_address' | 'login' | 'address';

/** When and for how long a counter locks. */
export interface ThrottleRule {
  /** The failure with this number is the first that locks. */
  readonly limit: number;
  /** Seconds of the first lock. */
  readonly firstLockSeconds: number;
  /** Each further failure doubles the lock up to this many seconds. */
  readonly longestLockSeconds: number;
}

export const THROTTLE_RULES: Readonly<Record<ThrottleKind, ThrottleRule>> = {
  login_address: { limit: 5, firstLockSeconds: 30, longestLockSeconds: 3600 },
  login: { limit: 25, firstLockSeconds: 30, longestLockSeconds: 300 },
  address: { limit: 100, firstLockSeconds: 60, longestLockSeconds: 60 },
};

/** Failures count together when they fall into a window of this many seconds from the first one. */
export const THROTTLE_WINDOW_SECONDS = 15 * 60;

/** One counter as it is stored. */
export interface FailureCount {
  readonly failures: number;
  /** Instant of the first failure counted. */
  readonly windowStartedAt: Date;
  /** Instant of the last failure counted; locks are anchored here. */
  readonly lastFailureAt: Date;
}

/**
 * Until when the counter refuses every try, the right password too; null while it does not lock. The failure that
 * reaches the limit is itself still answered as a wrong password.
 */
export function lockedUntil(kind: ThrottleKind, failures: number, lastFailureAt: Date): Date | null {
  const seconds = lockSeconds(kind, failures);
  return seconds === 0 ? null : secondsAfter(lastFailureAt, seconds);
}

/** Length of the lock after this many failures, 0 below the limit. */
export function lockSeconds(kind: ThrottleKind, failures: number): number {
  const { limit, firstLockSeconds, longestLockSeconds } = THROTTLE_RULES[kind];
  if (failures < limit) return 0;
  return Math.min(firstLockSeconds * 2 ** (failures - limit), longestLockSeconds);
}

/**
 * From when on the counter starts again at zero: a window after the first failure, or, once it has locked a login, a
 * window after that lock's end. Otherwise the longer locks could never be reached, since they outlast the window. The
 * counter of an address never grows its lock, so it keeps to the plain window: many people may share an address.
 */
export function forgottenAt(kind: ThrottleKind, count: FailureCount): Date {
  const windowEnd = secondsAfter(count.windowStartedAt, THROTTLE_WINDOW_SECONDS);
  const lockEnd = lockedUntil(kind, count.failures, count.lastFailureAt);
  if (lockEnd === null) return windowEnd;
  return kind === 'address' ? laterOf(windowEnd, lockEnd) : secondsAfter(lockEnd, THROTTLE_WINDOW_SECONDS);
}

/** The counter after one more failure at `now`. Tries made while locked are not failures: do not count them. */
export function afterFailure(kind: ThrottleKind, count: FailureCount | null, now: Date): FailureCount {
  if (count === null || now >= forgottenAt(kind, count)) {
    return { failures: 1, windowStartedAt: now, lastFailureAt: now };
  }
  return { failures: count.failures + 1, windowStartedAt: count.windowStartedAt, lastFailureAt: now };
}
