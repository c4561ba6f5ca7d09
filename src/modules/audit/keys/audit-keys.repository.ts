import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { AuditKeyRow } from './audit-key.entity.js';
import { AuditPrivateKeyRow } from './audit-private-key.entity.js';

const COLUMNS = columnsOf(AuditKeyRow, 'k');
/** A key has one successor at most, so those without are one. */
const CURRENT = 'NOT EXISTS (SELECT FROM audit_keys next WHERE next.previous_key_id = k.key_id)';

const current = statement<AuditKeyRow & Pick<AuditPrivateKeyRow, 'sealedKey'>>(
  'audit.current_key',
  `SELECT ${COLUMNS}, p.sealed_key AS "sealedKey"
     FROM audit_keys k LEFT JOIN audit_private_keys p USING (key_id) WHERE ${CURRENT}`,
);
const all = statement<AuditKeyRow>('audit.keys', `SELECT ${COLUMNS} FROM audit_keys k`);
const add = statement(
  'audit.add_key',
  `WITH private AS (INSERT INTO audit_private_keys (key_id, sealed_key) VALUES ($1, $6))
   INSERT INTO audit_keys (key_id, public_key, previous_key_id, endorsement, created_at) VALUES ($1, $2, $3, $4, $5)`,
);
const forget = statement('audit.forget_private_key', 'DELETE FROM audit_private_keys WHERE key_id = $1');
const rewrap = statement(
  'audit.rewrap_private_key',
  'UPDATE audit_private_keys SET sealed_key = $3 WHERE key_id = $1 AND sealed_key = $2',
);

export type CurrentKey = AuditKeyRow & { readonly sealedKey: string | null };

@Injectable()
export class AuditKeysRepository {
  constructor(private readonly database: Database) {}

  current(): Promise<CurrentKey | null> {
    return this.database.readOne(current);
  }

  /** From the first to the one that signs. */
  async chain(): Promise<AuditKeyRow[]> {
    const bySource = new Map((await this.database.read(all)).map((key) => [key.previousKeyId, key]));
    const chain: AuditKeyRow[] = [];
    for (let key = bySource.get(null); key !== undefined; key = bySource.get(key.keyId)) chain.push(key);
    return chain;
  }

  async add(key: AuditKeyRow, sealedKey: string): Promise<void> {
    const { keyId, publicKey, previousKeyId, endorsement, createdAt } = key;
    await this.database.write(add, [keyId, publicKey, previousKeyId, endorsement, createdAt, sealedKey]);
  }

  /** What it signed stays verifiable; nothing more can be signed with it. */
  async forgetPrivate(keyId: string): Promise<void> {
    await this.database.write(forget, [keyId]);
  }

  async rewrap(keyId: string, from: string, to: string): Promise<void> {
    await this.database.write(rewrap, [keyId, from, to]);
  }
}
