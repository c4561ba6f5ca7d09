import { Clock } from '../../src/kernel/runtime/clock.js';

/** A clock that tests move; it runs on from the real time otherwise. */
export class TestClock extends Clock {
  private advancedMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.advancedMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.advancedMs;
  }

  advance(milliseconds: number): void {
    this.advancedMs += milliseconds;
  }
}
