import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { Pairing } from './pairing.entity.js';

/** What a person may decide. */
export type PairingDecision = 'approved' | 'denied';

const COLUMNS = columnsOf(Pairing);

// Two pairings under way never show the same code; the one who draws a taken one draws again.
const insert = statement<{ id: string }>(
  'pairing_insert',
  `INSERT INTO pairings (id, tenant_id, device_code_hash, user_code, device_name, ip, user_agent, status,
     interval_seconds, created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9, $10)
   ON CONFLICT ON CONSTRAINT uq_pairings_user_code DO NOTHING RETURNING id`,
);
const pending = statement<Pairing>(
  'pairing_pending',
  `SELECT ${COLUMNS} FROM pairings
   WHERE tenant_id = $1 AND user_code = $2 AND status = 'pending' AND expires_at > $3`,
);
// The condition is the rule: of any number of simultaneous decisions one changes the row, the others find none to change.
const decide = statement<Pairing>(
  'pairing_decide',
  `UPDATE pairings SET status = $4, decided_by = $5, decided_at = $3
   WHERE tenant_id = $1 AND user_code = $2 AND status = 'pending' AND expires_at > $3
   RETURNING ${COLUMNS}`,
);
const hold = statement<Pairing>(
  'pairing_hold',
  `SELECT ${COLUMNS} FROM pairings WHERE device_code_hash = $1 AND expires_at > $2 FOR UPDATE`,
);
const notePoll = statement(
  'pairing_note_poll',
  'UPDATE pairings SET last_polled_at = $2, interval_seconds = $3 WHERE id = $1',
);
const close = statement<{ id: string }>(
  'pairing_close',
  `UPDATE pairings SET status = $2 WHERE id = $1 AND status = 'approved' RETURNING id`,
);
const sweep = statement<{ id: string }>(
  'pairing_sweep',
  `DELETE FROM pairings WHERE id IN (
     SELECT id FROM pairings WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING id`,
);

@Injectable()
export class PairingsRepository {
  constructor(private readonly database: Database) {}

  /** False when another pairing shows this code. */
  async add(pairing: Pairing): Promise<boolean> {
    const { id, tenantId, deviceCodeHash, userCode, deviceName, ip, userAgent } = pairing;
    const asked = [id, tenantId, deviceCodeHash, userCode, deviceName, ip, userAgent];
    const { intervalSeconds, createdAt, expiresAt } = pairing;
    const added = await this.database.writeOne(insert, [...asked, intervalSeconds, createdAt, expiresAt]);
    return added !== null;
  }

  pending(tenantId: string, userCode: string, now: Date): Promise<Pairing | null> {
    return this.database.readOne(pending, [tenantId, userCode, now]);
  }

  /** Null when there is none to decide any more. */
  decide(
    tenantId: string,
    userCode: string,
    decision: PairingDecision,
    by: string,
    now: Date,
  ): Promise<Pairing | null> {
    return this.database.writeOne(decide, [tenantId, userCode, now, decision, by]);
  }

  /** The pairing, held until the transaction ends: questions with one device code are answered one after the other. */
  hold(deviceCodeHash: string, now: Date): Promise<Pairing | null> {
    return this.database.writeOne(hold, [deviceCodeHash, now]);
  }

  async notePoll(id: string, at: Date, intervalSeconds: number): Promise<void> {
    await this.database.write(notePoll, [id, at, intervalSeconds]);
  }

  /** Ends an approved pairing; false when somebody else has. */
  async close(id: string, as: 'claimed' | 'denied'): Promise<boolean> {
    return (await this.database.writeOne(close, [id, as])) !== null;
  }

  /** Deletes at most `limit` pairings that expired by the instant; returns how many went. */
  async sweep(before: Date, limit: number): Promise<number> {
    return (await this.database.write(sweep, [before, limit])).length;
  }
}
