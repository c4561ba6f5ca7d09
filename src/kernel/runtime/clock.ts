import { Injectable } from '@nestjs/common';

/**
 * The one source of time. The database is the referee between replicas: the process measures how far its own clock
 * is from the database's and applies the difference here, so every replica judges an expiry alike.
 */
@Injectable()
export class Clock {
  private offset = 0;

  now(): Date {
    return new Date(this.nowMs());
  }

  /** Milliseconds since the epoch, an integer, by database time as far as it has been measured. */
  nowMs(): number {
    return this.machineMs() + this.offset;
  }

  /** Milliseconds since the epoch as this machine believes, not corrected: what the offset is measured against. */
  machineMs(): number {
    return Date.now();
  }

  /** Milliseconds by which this machine is behind (positive) or ahead of (negative) the database. */
  get offsetMs(): number {
    return this.offset;
  }

  /** Rounded to whole milliseconds, because an instant with a fraction is no valid time stamp anywhere. */
  applyOffset(milliseconds: number): void {
    this.offset = Math.round(milliseconds);
  }

  /** Milliseconds that never go backwards, for measuring how long something took; says nothing about the date. */
  monotonicMs(): number {
    return performance.now();
  }
}
