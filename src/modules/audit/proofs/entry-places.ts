import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

export interface EntryPlace {
  /** Null until it is sealed. */
  readonly seq: number | null;
  readonly leafHash: Buffer;
}

const byEntry = statement<EntryPlace>(
  'audit.place_of_entry',
  `SELECT l.seq::float8 AS seq, coalesce(l.leaf_hash, e.leaf_hash) AS "leafHash"
     FROM audit_entries e LEFT JOIN audit_leaves l ON l.entry_id = e.id
    WHERE e.tenant_id = $1 AND e.id = $2`,
);
const atSeq = statement<{ entryId: string }>(
  'audit.entry_at',
  'SELECT entry_id AS "entryId" FROM audit_leaves WHERE tenant_id = $1 AND seq = $2',
);

/** Where entries stand in the log, and which one stands where. */
@Injectable()
export class EntryPlaces {
  constructor(private readonly database: Database) {}

  of(tenantId: string, entryId: string): Promise<EntryPlace | null> {
    return this.database.readOne(byEntry, [tenantId, entryId]);
  }

  async entryAt(tenantId: string, seq: number): Promise<string | null> {
    return (await this.database.readOne(atSeq, [tenantId, seq]))?.entryId ?? null;
  }
}
