import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';
import type { SealedThrough } from './sealing-turn.js';

/** An entry that has no place in the log yet. */
export interface WaitingEntry {
  readonly id: string;
  readonly tenantId: string;
  readonly leafHash: Buffer;
  readonly xid: string;
}

export interface FirstWaiting {
  readonly occurredAt: Date;
  /** No transaction that still runs can put one before it. */
  readonly isFinal: boolean;
}

/** All entries of a transaction that began before the oldest one running are there, and nothing can come before them. */
const IS_FINAL = '(e.cluster_epoch < $1 OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))';

const epoch = statement<{ epoch: number }>(
  'audit.epoch',
  'SELECT coalesce(max(epoch), 1) AS epoch FROM audit_epochs',
);
const first = statement<{ clusterEpoch: number; occurredAt: Date | null; isFinal: boolean }>(
  'audit.first_waiting',
  `SELECT s.cluster_epoch AS "clusterEpoch", e.occurred_at AS "occurredAt", ${IS_FINAL} AS "isFinal"
     FROM audit_sealing s LEFT JOIN LATERAL (
       SELECT * FROM audit_entries e
        WHERE e.cluster_epoch = s.cluster_epoch AND e.xid >= s.xid AND (e.xid, e.id) > (s.xid, s.entry_id)
        ORDER BY e.xid, e.id LIMIT 1) e ON true`,
);
// Ordered by the columns of the table: the output is text, in whose order 10 comes before 9.
const next = statement<WaitingEntry>(
  'audit.next_waiting',
  `SELECT id, tenant_id AS "tenantId", leaf_hash AS "leafHash", xid::text AS xid FROM audit_entries e
    WHERE e.cluster_epoch = $2 AND e.xid >= $3::text::xid8 AND (e.xid, e.id) > ($3::text::xid8, $4::uuid) AND ${IS_FINAL}
    ORDER BY e.xid, e.id LIMIT $5`,
);

/** Entries that wait for their place, in the order of their transactions. */
@Injectable()
export class WaitingEntries {
  constructor(private readonly database: Database) {}

  /** The epoch of the cluster that the database lives in now. */
  async currentEpoch(): Promise<number> {
    return (await this.database.readOne(epoch))?.epoch ?? 1;
  }

  /** What is next, looked at without taking the turn; `later` when an epoch has been sealed to its end. */
  async first(): Promise<FirstWaiting | 'none' | 'later'> {
    const current = await this.currentEpoch();
    const row = await this.database.readOne(first, [current]);
    if (row === null) throw new Error('The row of audit_sealing is missing.');
    if (row.occurredAt !== null) return { occurredAt: row.occurredAt, isFinal: row.isFinal };
    return row.clusterEpoch < current ? 'later' : 'none';
  }

  next(through: SealedThrough, currentEpoch: number, most: number): Promise<WaitingEntry[]> {
    const { clusterEpoch, xid, entryId } = through;
    return this.database.read(next, [currentEpoch, clusterEpoch, xid, entryId, most]);
  }
}
