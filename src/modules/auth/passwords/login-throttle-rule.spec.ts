import fc from 'fast-check';
import {
  afterFailure,
  type FailureCount,
  forgottenAt,
  lockedUntil,
  lockSeconds,
  THROTTLE_RULES,
  THROTTLE_WINDOW_SECONDS,
  type ThrottleKind,
} from './login-throttle-rule.js';

const START = new Date('2026-01-01T00:00:00.000Z');
const KINDS = Object.keys(THROTTLE_RULES) as ThrottleKind[];
const kind = fc.constantFrom(...KINDS);

describe('the lock', () => {
  it.each<[ThrottleKind, number, number]>([
    ['login_address', 4, 0],
    ['login_address', 5, 30],
    ['login_address', 6, 60],
    ['login_address', 7, 120],
    ['login_address', 11, 1920],
    ['login_address', 12, 3600],
    ['login_address', 100_000, 3600],
    ['login', 24, 0],
    ['login', 25, 30],
    ['login', 28, 240],
    ['login', 29, 300],
    ['login', 5000, 300],
    ['address', 99, 0],
    ['address', 100, 60],
    ['address', 101, 60],
  ])('of %s after %i failures is %i seconds', (which, failures, seconds) => {
    expect(lockSeconds(which, failures)).toBe(seconds);
  });

  it('is anchored at the last counted failure', () => {
    expect(lockedUntil('login_address', 5, START)).toEqual(after(30));
    expect(lockedUntil('login_address', 4, START)).toBeNull();
  });

  it('never gets shorter by failing more, and never longer than its cap', () => {
    fc.assert(
      fc.property(kind, fc.nat(10_000), (which, failures) => {
        expect(lockSeconds(which, failures + 1)).toBeGreaterThanOrEqual(lockSeconds(which, failures));
        expect(lockSeconds(which, failures)).toBeLessThanOrEqual(THROTTLE_RULES[which].longestLockSeconds);
      }),
    );
  });

  it('begins exactly at the limit', () => {
    fc.assert(
      fc.property(kind, fc.nat(10_000), (which, failures) => {
        expect(lockedUntil(which, failures, START) !== null).toBe(failures >= THROTTLE_RULES[which].limit);
      }),
    );
  });
});

describe('the counter', () => {
  it('starts at one and counts within the window', () => {
    const first = afterFailure('login_address', null, START);
    const second = afterFailure('login_address', first, after(THROTTLE_WINDOW_SECONDS - 1));

    expect(first).toEqual({ failures: 1, windowStartedAt: START, lastFailureAt: START });
    expect(second).toEqual({ failures: 2, windowStartedAt: START, lastFailureAt: after(899) });
  });

  it.each(KINDS)('of %s starts again when the window is over, however close the last failure', (which) => {
    const count = { failures: 3, windowStartedAt: START, lastFailureAt: after(899) };

    expect(afterFailure(which, count, after(900)).failures).toBe(1);
  });

  it('of a locked login lives a window longer than the lock, so that the lock can grow to its cap', () => {
    const seconds: number[] = [];
    let now = START;
    let count: FailureCount | null = null;
    for (let round = 0; round < 14; round += 1) {
      count = afterFailure('login_address', count, now);
      seconds.push(lockSeconds('login_address', count.failures));
      now = lockedUntil('login_address', count.failures, now) ?? now;
    }

    expect(seconds).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    expect(afterFailure('login_address', count, secondsAfter(now, THROTTLE_WINDOW_SECONDS)).failures).toBe(1);
  });

  it('of an address keeps to the window, so that a shared address does not stay locked', () => {
    const count = { failures: 150, windowStartedAt: START, lastFailureAt: after(880) };

    expect(forgottenAt('address', count)).toEqual(after(940));
  });

  it('is never forgotten while it locks', () => {
    fc.assert(
      fc.property(kind, fc.integer({ min: 1, max: 300 }), fc.nat(5000), (which, failures, age) => {
        const count = { failures, windowStartedAt: START, lastFailureAt: after(age) };
        const lock = lockedUntil(which, failures, count.lastFailureAt);
        if (lock !== null) expect(forgottenAt(which, count).getTime()).toBeGreaterThanOrEqual(lock.getTime());
      }),
    );
  });

  it('lets one address try a login no more than about 40 times a day', () => {
    let tries = 0;
    let count: FailureCount | null = null;
    for (let now = START; now < after(86_400); tries += 1) {
      count = afterFailure('login_address', count, now);
      now = lockedUntil('login_address', count.failures, now) ?? now;
    }

    expect(tries).toBeLessThan(40);
  });
});

function after(seconds: number): Date {
  return secondsAfter(START, seconds);
}

function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
