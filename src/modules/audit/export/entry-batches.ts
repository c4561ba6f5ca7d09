import { Injectable } from '@nestjs/common';
import { Database, planned, statement } from '../../../kernel/database/index.js';
import type { AuditEntriesFilter } from '../audit-entries-query.dto.js';
import type { FullEntry } from '../audit-entry.dto.js';
import { FULL_ENTRY, WITH_PERSONAL, WITH_PLACE } from '../entry-columns.js';
import { conditionsFor } from '../entry-conditions.js';

/** What was committed at one moment. Unlike a transaction it costs the database nothing while a slow reader reads. */
export interface Moment {
  readonly snapshot: string;
  readonly clusterEpoch: number;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const now = statement<Moment>(
  'audit.moment',
  `SELECT pg_current_snapshot()::text AS snapshot, (SELECT coalesce(max(epoch), 1) FROM audit_epochs) AS "clusterEpoch"`,
);

/** Entries in bulk: each batch is a query of its own, so nothing is held between them. */
@Injectable()
export class EntryBatches {
  constructor(private readonly database: Database) {}

  async moment(): Promise<Moment> {
    const moment = await this.database.readOne(now);
    if (moment === null) throw new Error('The database has no snapshot.');
    return moment;
  }

  /** Sealed entries with places from `begin` up to, but not with, `end`, in their order. */
  sealed(tenantId: string, filter: AuditEntriesFilter, begin: number, end: number): Promise<FullEntry[]> {
    const conditions = conditionsFor(tenantId, filter);
    const tenant = conditions.value(tenantId);
    const window = `SELECT seq, entry_id FROM audit_leaves
      WHERE tenant_id = ${tenant}::uuid AND seq >= ${conditions.value(begin)} AND seq < ${conditions.value(end)}`;
    // One look-up by id per place: a join could be planned as a scan of all entries.
    const text = `SELECT ${FULL_ENTRY} FROM (${window}) l
      CROSS JOIN LATERAL (SELECT * FROM audit_entries e WHERE e.id = l.entry_id AND ${conditions.where} LIMIT 1) e
      ${WITH_PERSONAL} ORDER BY l.seq`;
    return this.database.read(planned<FullEntry>(text), conditions.values);
  }

  /** All entries that were there at the moment, sealed or not, batch by batch in the order of their ids. */
  async *matching(
    tenantId: string,
    filter: AuditEntriesFilter,
    moment: Moment,
    batchSize: number,
  ): AsyncGenerator<FullEntry[]> {
    let afterId = FIRST_ID;
    for (;;) {
      const conditions = conditionsFor(tenantId, filter)
        .add('e.id > ?::uuid', afterId)
        .add(
          '(e.cluster_epoch < ? OR pg_visible_in_snapshot(e.xid, ?::pg_snapshot))',
          moment.clusterEpoch,
          moment.snapshot,
        );
      const batch = `SELECT e.* FROM audit_entries e WHERE ${conditions.where} ORDER BY e.id LIMIT ${batchSize}`;
      const text = `SELECT ${FULL_ENTRY} FROM (${batch}) e ${WITH_PERSONAL} ${WITH_PLACE} ORDER BY e.id`;
      const rows = await this.database.read(planned<FullEntry>(text), conditions.values);
      if (rows.length > 0) yield rows;
      if (rows.length < batchSize) return;
      afterId = rows[rows.length - 1].id;
    }
  }
}
