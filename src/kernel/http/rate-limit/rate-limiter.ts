import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../runtime/index.js';
import { RateWindows, type Settlement } from './rate-windows.repository.js';

export const WINDOW_MS = 60_000;
const SETTLE_EVERY_MS = 1_000;
/** A request waits no longer than this for the database; after that this process counts alone. */
const LONGEST_WAIT_MS = 1_000;
/** After a failed settlement, so that requests do not queue up behind a database that is away. */
const ALONE_MS = 1_000;
/** A replica may be this share of the limit ahead of what the database knows. */
const SHARE = 16;
const MOST_BUCKETS = 50_000;
const SETTLED_FROM = 40_000;
const MOST_PER_STATEMENT = 5_000;

export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests left in the window, as far as this replica knows. */
  readonly remaining: number;
  /** Whole seconds until the window ends, at least 1. */
  readonly resetSeconds: number;
}

interface Bucket {
  windowStart: number;
  /** Spent by all replicas, as the last settlement answered. Only grows within a window. */
  known: number;
  /** Spent here and not yet sent to the database. */
  pending: number;
  /** Sent, not yet answered. */
  settling: number;
  /** Asked for since it was last considered for being forgotten. */
  used: boolean;
}

/**
 * Counts requests in windows of 60 seconds that all replicas share, without a query per request: each replica spends up
 * to a sixteenth of the limit on its own and settles it with the database in the background, once a second or when half
 * of that share is used. So the excess over all is at most one share per replica. While the database is away each
 * replica keeps the limit for itself.
 */
@Injectable()
export class RateLimiter implements BeforeApplicationShutdown {
  private readonly log = new Logger('RateLimits');
  private readonly buckets = new Map<string, Bucket>();
  private readonly dirty = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private waiting: (() => void)[] = [];
  private settlement: Promise<void> | null = null;
  private isSettlementDue = false;
  private aloneUntilMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly windows: RateWindows,
  ) {
    this.timer = setInterval(() => this.everySecond(), SETTLE_EVERY_MS).unref();
  }

  /** Takes one request from the bucket; a promise only when this replica's share is used up and not yet settled. */
  spend(key: string, limit: number): Verdict | Promise<Verdict> {
    const bucket = this.bucketOf(key);
    const ahead = bucket.pending + bucket.settling;
    if (bucket.known + ahead >= limit) return this.verdict(bucket, limit, false);
    const share = shareOf(limit);
    if (ahead >= share && !this.countsAlone()) return this.spendAfterSettlement(key, limit);
    bucket.pending += 1;
    this.dirty.add(key);
    if (2 * (ahead + 1) >= share) this.settleSoon();
    return this.verdict(bucket, limit, true);
  }

  /** Whether the next request would be refused, as far as this replica knows; counts nothing. */
  isExhausted(key: string, limit: number): boolean {
    const bucket = this.buckets.get(key);
    if (bucket === undefined || bucket.known + bucket.settling + bucket.pending < limit) return false;
    return this.clock.nowMs() < bucket.windowStart + WINDOW_MS;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.settlement;
    await this.settle();
  }

  private bucketOf(key: string): Bucket {
    const now = this.clock.nowMs();
    const windowStart = now - (now % WINDOW_MS);
    const bucket = this.buckets.get(key);
    if (bucket === undefined) return this.open(key, windowStart);
    bucket.used = true;
    if (bucket.windowStart !== windowStart)
      Object.assign(bucket, { windowStart, known: 0, pending: 0, settling: 0 });
    return bucket;
  }

  private open(key: string, windowStart: number): Bucket {
    if (this.buckets.size >= MOST_BUCKETS) this.makeRoom();
    // In time for what is spent to be known by the database when its bucket has to go.
    else if (this.buckets.size >= SETTLED_FROM) this.settleSoon();
    const bucket = { windowStart, known: 0, pending: 0, settling: 0, used: false };
    this.buckets.set(key, bucket);
    return bucket;
  }

  /**
   * Addresses are cheap to come by, so the memory they take is bounded; a tenth goes at once to make it rare. First those
   * that nobody asks for and the database knows all about; of the rest, whose spending is lost, those not asked for longest.
   */
  private makeRoom(): void {
    const goal = MOST_BUCKETS - MOST_BUCKETS / 10;
    for (const [key, bucket] of [...this.buckets]) {
      if (this.buckets.size <= goal) return;
      if (bucket.used) this.moveToTheEnd(key, bucket);
      else if (bucket.pending + bucket.settling === 0) this.buckets.delete(key);
    }
    for (const key of this.buckets.keys()) {
      if (this.buckets.size <= goal) return;
      this.buckets.delete(key);
      this.dirty.delete(key);
    }
  }

  private moveToTheEnd(key: string, bucket: Bucket): void {
    bucket.used = false;
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
  }

  private async spendAfterSettlement(key: string, limit: number): Promise<Verdict> {
    const giveUpAt = this.clock.monotonicMs() + LONGEST_WAIT_MS;
    for (;;) {
      await this.nextSettlement(giveUpAt - this.clock.monotonicMs());
      if (this.clock.monotonicMs() >= giveUpAt) this.countAlone();
      const verdict = this.spendNow(key, limit);
      if (verdict !== null) return verdict;
    }
  }

  private spendNow(key: string, limit: number): Verdict | null {
    const { pending, settling, known } = this.bucketOf(key);
    const ahead = pending + settling;
    const mustWait = ahead >= shareOf(limit) && known + ahead < limit && !this.countsAlone();
    return mustWait ? null : (this.spend(key, limit) as Verdict);
  }

  private async nextSettlement(longestMs: number): Promise<void> {
    const settled = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.settleSoon();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, longestMs))));
    await Promise.race([settled, late]);
    clearTimeout(timer);
  }

  /** Collects what is spent in this turn of the event loop; while one settlement runs, the next one waits for it. */
  private settleSoon(): void {
    if (this.isSettlementDue) return;
    this.isSettlementDue = true;
    if (this.settlement === null) setImmediate(() => this.begin());
  }

  private begin(): void {
    if (this.settlement !== null) return;
    this.isSettlementDue = false;
    this.settlement = this.settle().finally(() => {
      this.settlement = null;
      if (this.isSettlementDue) setImmediate(() => this.begin());
    });
  }

  private async settle(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    const keys = [...this.dirty].slice(0, MOST_PER_STATEMENT);
    const settlements = keys.flatMap((key) => this.take(key));
    try {
      if (settlements.length > 0) this.apply(settlements, await this.windows.add(settlements));
      if (this.dirty.size > 0 && keys.length === MOST_PER_STATEMENT) this.isSettlementDue = true;
    } catch (error) {
      this.giveBack(settlements);
      this.countAlone(error);
    }
    for (const resume of waiting) resume();
  }

  private take(key: string): Settlement[] {
    this.dirty.delete(key);
    const bucket = this.buckets.get(key);
    if (bucket === undefined || bucket.pending === 0) return [];
    const { pending, windowStart } = bucket;
    bucket.settling = pending;
    bucket.pending = 0;
    return [{ key, windowStart, spent: pending }];
  }

  private apply(settlements: readonly Settlement[], totals: ReadonlyMap<string, number>): void {
    for (const { key, windowStart } of settlements) {
      const bucket = this.buckets.get(key);
      if (bucket === undefined || bucket.windowStart !== windowStart) continue;
      bucket.known = Math.max(bucket.known, totals.get(key) ?? 0);
      bucket.settling = 0;
    }
  }

  private giveBack(settlements: readonly Settlement[]): void {
    for (const { key, windowStart, spent } of settlements) {
      const bucket = this.buckets.get(key);
      if (bucket === undefined || bucket.windowStart !== windowStart) continue;
      bucket.pending += spent;
      bucket.settling = 0;
      this.dirty.add(key);
    }
  }

  private countsAlone(): boolean {
    return this.clock.monotonicMs() < this.aloneUntilMs;
  }

  private countAlone(reason?: unknown): void {
    if (!this.countsAlone())
      this.log.warn({ err: reason, msg: 'Limits are counted by this process alone for now.' });
    this.aloneUntilMs = this.clock.monotonicMs() + ALONE_MS;
  }

  private everySecond(): void {
    if (this.dirty.size > 0) this.settleSoon();
    const now = this.clock.nowMs();
    for (const [key, bucket] of this.buckets) {
      if (bucket.windowStart + WINDOW_MS > now) continue;
      this.buckets.delete(key);
      this.dirty.delete(key);
    }
  }

  private verdict(
    { windowStart, known, pending, settling }: Bucket,
    limit: number,
    allowed: boolean,
  ): Verdict {
    const leftMs = windowStart + WINDOW_MS - this.clock.nowMs();
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - known - settling - pending),
      resetSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
    };
  }
}

function shareOf(limit: number): number {
  return Math.max(1, Math.floor(limit / SHARE));
}
