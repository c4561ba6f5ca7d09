import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../database/index.js';

/** An answer as it was given, its body encrypted. */
export interface StoredAnswer {
  readonly bodyMac: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly expiresAt: Date;
}

const tryLock = statement<{ locked: boolean }>(
  'idempotency_try_lock',
  'SELECT pg_try_advisory_xact_lock($1::bigint) AS locked',
);
const answerOf = statement<StoredAnswer>(
  'idempotency_answer_of',
  `SELECT body_mac AS "bodyMac", status, headers, body, expires_at AS "expiresAt"
     FROM idempotency_keys WHERE scope_hash = $1`,
);
// A row that has expired and was not swept yet gives way.
const store = statement(
  'idempotency_store',
  `INSERT INTO idempotency_keys (scope_hash, tenant_id, body_mac, status, headers, body, created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8)
   ON CONFLICT ON CONSTRAINT pk_idempotency_keys DO UPDATE
     SET tenant_id = excluded.tenant_id, body_mac = excluded.body_mac, status = excluded.status,
         headers = excluded.headers, body = excluded.body, created_at = excluded.created_at,
         expires_at = excluded.expires_at`,
);
const deleteExpired = statement<{ deleted: number }>(
  'idempotency_delete_expired',
  `WITH deleted AS (
     DELETE FROM idempotency_keys WHERE scope_hash IN (
       SELECT scope_hash FROM idempotency_keys WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
     RETURNING 1)
   SELECT count(*)::integer AS deleted FROM deleted`,
);

@Injectable()
export class StoredAnswers {
  constructor(private readonly database: Database) {}

  /** Holds the scope until the transaction ends; false when another transaction holds it. */
  async tryLock(scopeHash: Buffer): Promise<boolean> {
    const row = await this.database.writeOne(tryLock, [scopeHash.readBigInt64BE(0).toString()]);
    return row?.locked === true;
  }

  async find(scopeHash: Buffer): Promise<StoredAnswer | null> {
    return this.database.readOne(answerOf, [scopeHash]);
  }

  async store(scopeHash: Buffer, tenantId: string, answer: StoredAnswer, createdAt: Date): Promise<void> {
    const { bodyMac, status, headers, body, expiresAt } = answer;
    const values = [
      scopeHash,
      tenantId,
      bodyMac,
      status,
      JSON.stringify(headers),
      body,
      createdAt,
      expiresAt,
    ];
    await this.database.write(store, values);
  }

  /** @returns how many rows went, `atMost` at a time so that no lock is held for long. */
  async deleteExpired(now: Date, atMost: number): Promise<number> {
    const [row] = await this.database.writeAlone(deleteExpired, [now, atMost]);
    return row?.deleted ?? 0;
  }
}
