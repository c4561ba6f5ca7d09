import { statement } from '../statement.js';

/** One row per change not seen yet; without any, one row whose `id` is null. */
export interface ChangeRow {
  /** Of the reading snapshot: every transaction below it had ended. Decimal text, as all 64-bit numbers. */
  readonly horizon: string;
  readonly databaseTime: Date;
  /** When the server was started, to the microsecond: the nearest thing to its name. */
  readonly server: string;
  readonly id: string | null;
  readonly xid: string | null;
  readonly kind: string | null;
  readonly subject: string | null;
}

/** What every read answers, changes or not. */
export type Reading = Pick<ChangeRow, 'horizon' | 'databaseTime' | 'server'>;

export const readChanges = statement<ChangeRow>(
  'access_changes_read',
  `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, clock_timestamp() AS "databaseTime",
          pg_postmaster_start_time()::text AS server,
          c.id::text AS id, c.xid::text AS xid, c.kind, c.subject
     FROM (VALUES (1)) AS always
     LEFT JOIN access_changes c ON c.xid >= $1::text::xid8 AND c.id <> ALL ($2::bigint[])`,
);

export const readHorizon = statement<Reading>(
  'access_changes_horizon',
  `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, clock_timestamp() AS "databaseTime",
          pg_postmaster_start_time()::text AS server`,
);

/** Rows are kept for an hour; whoever has not read for longer than this cannot know what was removed meanwhile. */
const LONGEST_GAP_MS = 30 * 60_000;

/**
 * How far changes have been read. Ids are no position: a lower one may be committed later. The position is the oldest
 * transaction that was still running at the last read; rows of it and of younger ones are read again each time, less
 * those remembered as seen.
 */
export class ChangePosition {
  private horizon: bigint;
  private readAt: Date;
  private readonly server: string;
  private readonly seen = new Map<string, bigint>();

  constructor(start: Reading) {
    this.horizon = BigInt(start.horizon);
    this.readAt = start.databaseTime;
    this.server = start.server;
  }

  /** Values for `readChanges`. */
  get values(): [horizon: string, seen: string[]] {
    return [this.horizon.toString(), [...this.seen.keys()]];
  }

  /**
   * Whether the read follows on from this position. Not after a long silence, not when the server has gone back in time,
   * as one restored from a backup has, and not when it is another one: a standby that took over may lack what was read
   * last, and give the same ids and transactions to something else.
   */
  isContinuedBy({ horizon, databaseTime, server }: Reading): boolean {
    return (
      server === this.server &&
      BigInt(horizon) >= this.horizon &&
      databaseTime.getTime() - this.readAt.getTime() <= LONGEST_GAP_MS
    );
  }

  advance(rows: readonly ChangeRow[]): void {
    for (const { id, xid } of rows) if (id !== null && xid !== null) this.seen.set(id, BigInt(xid));
    this.horizon = BigInt(rows[0].horizon);
    this.readAt = rows[0].databaseTime;
    for (const [id, xid] of this.seen) if (xid < this.horizon) this.seen.delete(id);
  }
}
