import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

/** How far the log is sealed: the last entry in the order of sealing. */
export interface SealedThrough {
  readonly clusterEpoch: number;
  readonly xid: string;
  readonly entryId: string;
}

const COLUMNS = 'cluster_epoch AS "clusterEpoch", xid::text AS xid, entry_id AS "entryId"';
const take = statement<SealedThrough>(
  'audit.take_turn',
  `SELECT ${COLUMNS} FROM audit_sealing FOR UPDATE SKIP LOCKED`,
);
const wait = statement<SealedThrough>(
  'audit.wait_for_turn',
  `SELECT ${COLUMNS} FROM audit_sealing FOR UPDATE`,
);
const advance = statement(
  'audit.advance_sealing',
  'UPDATE audit_sealing SET cluster_epoch = $1, xid = $2::text::xid8, entry_id = $3, sealed_at = $4',
);

/**
 * Whose turn it is to seal: whoever has the one row of audit_sealing locked, until the end of the transaction. A process
 * that dies, or falls asleep for longer than a transaction may idle, loses the lock with its connection, and whoever
 * looks next goes on where the last commit ended.
 */
@Injectable()
export class SealingTurn {
  constructor(private readonly database: Database) {}

  /** Null when somebody else has it. */
  async take(): Promise<SealedThrough | null> {
    return (await this.database.write(take)).at(0) ?? null;
  }

  /** For what must not happen while somebody seals. */
  async wait(): Promise<void> {
    await this.database.write(wait);
  }

  async advance({ clusterEpoch, xid, entryId }: SealedThrough, at: Date): Promise<void> {
    await this.database.write(advance, [clusterEpoch, xid, entryId, at]);
  }
}
