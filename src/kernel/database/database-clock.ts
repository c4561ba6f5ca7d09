import { Injectable } from '@nestjs/common';
import { Clock } from '../runtime/index.js';

const MOST_DRIFT_MS = 2_000;
const LONGEST_SILENCE_MS = 5_000;
/** The middle of a longer round trip is no measurement. */
const QUICK_MS = 250;

/** Keeps the process's clock in step with the database's, which is the referee between replicas. */
@Injectable()
export class DatabaseClock {
  private measuredAtMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /**
   * One measurement: what the database's clock said between two moments of this machine's, in milliseconds since the
   * epoch. The middle of a quick round trip is taken for the moment it looked; a slow one, which a full pool or a busy
   * event loop makes, only says between which two values the offset is.
   */
  measured(databaseTime: Date, askedMs: number, answeredMs: number): void {
    const highest = databaseTime.getTime() - askedMs;
    const lowest = databaseTime.getTime() - answeredMs;
    const isQuick = answeredMs - askedMs <= QUICK_MS;
    const within = Math.min(Math.max(this.clock.offsetMs, lowest), highest);
    this.clock.applyOffset(isQuick ? (lowest + highest) / 2 : within);
    this.measuredAtMs = this.clock.monotonicMs();
  }

  /** False when this machine's clock is far off, or the database has not been heard for a while. */
  isTrusted(): boolean {
    return (
      Math.abs(this.clock.offsetMs) <= MOST_DRIFT_MS &&
      this.clock.monotonicMs() - this.measuredAtMs <= LONGEST_SILENCE_MS
    );
  }
}
