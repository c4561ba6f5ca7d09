import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { StoredSigningKey } from './signing-key.entity.js';

const COLUMNS = columnsOf(StoredSigningKey);

const all = statement<StoredSigningKey>(
  'signing_keys_all',
  `SELECT ${COLUMNS} FROM signing_keys ORDER BY signs_from DESC`,
);
// The unique index on the one key without an end decides among processes that start at once.
const addIfFirst = statement<{ kid: string }>(
  'signing_key_add_if_first',
  `INSERT INTO signing_keys (kid, algorithm, public_jwk, private_key, created_at, signs_from)
   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING kid`,
);
const lockCurrent = statement<StoredSigningKey>(
  'signing_key_lock_current',
  `SELECT ${COLUMNS} FROM signing_keys WHERE verifies_until IS NULL FOR UPDATE`,
);
const endVerification = statement(
  'signing_key_end_verification',
  'UPDATE signing_keys SET verifies_until = $2 WHERE kid = $1',
);
const rewrap = statement(
  'signing_key_rewrap',
  'UPDATE signing_keys SET private_key = $3 WHERE kid = $1 AND private_key = $2',
);
const deleteEnded = statement<{ kid: string }>(
  'signing_keys_delete_ended',
  'DELETE FROM signing_keys WHERE verifies_until < $1 RETURNING kid',
);

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  /** The one to come, or the one that signs, first. */
  all(): Promise<StoredSigningKey[]> {
    return this.database.read(all);
  }

  /** False when there is a current key already. */
  async addIfFirst(key: StoredSigningKey): Promise<boolean> {
    const { kid, algorithm, publicJwk, privateKey, createdAt, signsFrom } = key;
    const values = [kid, algorithm, JSON.stringify(publicJwk), privateKey, createdAt, signsFrom];
    return (await this.database.writeOne(addIfFirst, values)) !== null;
  }

  /** The key without an end, held until the transaction ends. */
  lockCurrent(): Promise<StoredSigningKey | null> {
    return this.database.writeOne(lockCurrent);
  }

  async endVerification(kid: string, at: Date): Promise<void> {
    await this.database.write(endVerification, [kid, at]);
  }

  /** The same private key under another root of the key ring; nothing when somebody else was faster. */
  async rewrap(kid: string, from: Buffer, to: Buffer): Promise<void> {
    await this.database.write(rewrap, [kid, from, to]);
  }

  /** Removes keys that have verified their last token; returns which. */
  async deleteEnded(now: Date): Promise<string[]> {
    return (await this.database.write(deleteEnded, [now])).map(({ kid }) => kid);
  }
}
