import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../database/index.js';
import { Clock } from '../../runtime/index.js';

/** What one replica spent of one bucket since it last settled. */
export interface Settlement {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly windowStart: number;
  readonly spent: number;
}

const KEPT_MS = 120_000;

// In the order of their keys, so that two replicas that settle the same buckets wait for each other in one direction.
const addToWindows = statement<{ bucket: string; spent: number }>(
  'rate_windows_add',
  `INSERT INTO rate_windows AS w (bucket, window_started_at, spent, expires_at)
   SELECT bucket, started_at, spent, started_at + $4::bigint * interval '1 millisecond'
     FROM unnest($1::text[], $2::timestamptz[], $3::integer[]) AS added (bucket, started_at, spent)
    ORDER BY bucket
   ON CONFLICT ON CONSTRAINT pk_rate_windows
     DO UPDATE SET spent = least(w.spent::bigint + excluded.spent, 2147483647)::integer
   RETURNING bucket, spent`,
);
const takeOne = statement<{ spent: number }>(
  'rate_windows_take_one',
  `INSERT INTO rate_windows AS w (bucket, window_started_at, spent, expires_at) VALUES ($1, $2, 1, $3)
   ON CONFLICT ON CONSTRAINT pk_rate_windows DO UPDATE SET spent = w.spent + 1 WHERE w.spent < $4
   RETURNING spent`,
);
const deleteExpired = statement(
  'rate_windows_delete_expired',
  'DELETE FROM rate_windows WHERE expires_at < $1',
);

@Injectable()
export class RateWindows {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Adds what was spent and gives back what all replicas have spent, by key. */
  async add(settlements: readonly Settlement[]): Promise<Map<string, number>> {
    const rows = await this.database.writeAlone(addToWindows, [
      settlements.map(({ key }) => key),
      settlements.map(({ windowStart }) => new Date(windowStart)),
      settlements.map(({ spent }) => spent),
      KEPT_MS,
    ]);
    return new Map(rows.map(({ bucket, spent }) => [bucket, spent]));
  }

  /**
   * Counts one in the present window of that length unless `limit` were counted already; whether it did. Inside the
   * caller's transaction, which those who count on the same key wait for: for what is rare and must not be exceeded.
   */
  async takeOne(key: string, windowMs: number, limit: number): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    const windowStart = nowMs - (nowMs % windowMs);
    const times = [new Date(windowStart), new Date(windowStart + windowMs)];
    return (await this.database.writeOne(takeOne, [key, ...times, limit])) !== null;
  }

  async deletePast(): Promise<void> {
    await this.database.writeAlone(deleteExpired, [this.clock.now()]);
  }
}
