import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { OneTimeToken, type TokenPurpose } from './one-time-token.entity.js';

const COLUMNS = columnsOf(OneTimeToken);

const insert = statement(
  'one_time_token_insert',
  `INSERT INTO one_time_tokens (id, tenant_id, purpose, token_hash, subject_id, payload, created_by, created_at,
     expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const live = statement<OneTimeToken>(
  'one_time_token_live',
  `SELECT ${COLUMNS} FROM one_time_tokens
   WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3`,
);
// The condition is the rule: of any number of simultaneous uses one changes the row, the others find it spent.
const spend = statement<OneTimeToken>(
  'one_time_token_spend',
  `UPDATE one_time_tokens SET used_at = $3
   WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
   RETURNING ${COLUMNS}`,
);
const voidFor = statement(
  'one_time_token_void',
  `UPDATE one_time_tokens SET used_at = $3
   WHERE purpose = ANY ($1) AND subject_id IS NOT DISTINCT FROM $2 AND used_at IS NULL`,
);
const issuedSince = statement<{ count: number }>(
  'one_time_token_issued_since',
  `SELECT count(*)::integer AS count FROM one_time_tokens
   WHERE purpose = $1 AND subject_id = $2 AND created_at > $3`,
);
const liveOf = statement<OneTimeToken>(
  'one_time_token_live_of',
  `SELECT ${COLUMNS} FROM one_time_tokens
   WHERE purpose = $1 AND subject_id IS NOT DISTINCT FROM $2 AND used_at IS NULL AND expires_at > $3
   ORDER BY id DESC LIMIT 1`,
);
const sweep = statement<{ id: string }>(
  'one_time_token_sweep',
  `DELETE FROM one_time_tokens WHERE id IN (
     SELECT id FROM one_time_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING id`,
);

@Injectable()
export class OneTimeTokensRepository {
  constructor(private readonly database: Database) {}

  async add(token: OneTimeToken): Promise<void> {
    const { id, tenantId, purpose, tokenHash, subjectId, payload, createdBy, createdAt, expiresAt } = token;
    const whose = [id, tenantId, purpose, tokenHash, subjectId];
    await this.database.write(insert, [...whose, payload, createdBy, createdAt, expiresAt]);
  }

  live(tokenHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null> {
    return this.database.readOne(live, [tokenHash, purpose, now]);
  }

  /** The newest that still works for this subject. */
  liveOf(purpose: TokenPurpose, subjectId: string | null, now: Date): Promise<OneTimeToken | null> {
    return this.database.readOne(liveOf, [purpose, subjectId, now]);
  }

  spend(tokenHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null> {
    return this.database.writeOne(spend, [tokenHash, purpose, now]);
  }

  async voidFor(subjectId: string | null, purposes: readonly TokenPurpose[], now: Date): Promise<void> {
    await this.database.write(voidFor, [purposes, subjectId, now]);
  }

  async issuedSince(purpose: TokenPurpose, subjectId: string, since: Date): Promise<number> {
    return (await this.database.readOne(issuedSince, [purpose, subjectId, since]))?.count ?? 0;
  }

  /** Deletes at most `limit` tokens that expired before the instant; returns how many went. */
  async sweep(before: Date, limit: number): Promise<number> {
    return (await this.database.write(sweep, [before, limit])).length;
  }
}
