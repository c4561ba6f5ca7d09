import { Injectable } from '@nestjs/common';
import { Database, statement } from '../database/index.js';

/** Weaker than FOR UPDATE, so that rows which refer to the tenant can be inserted meanwhile. */
const lock = statement<{ id: string }>(
  'tenant_lock',
  'SELECT id FROM tenants WHERE id = $1 FOR NO KEY UPDATE',
);
const nameOf = statement<{ name: string }>('tenant_name', 'SELECT name FROM tenants WHERE id = $1');

@Injectable()
export class Tenants {
  constructor(private readonly database: Database) {}

  /** Holds the row until the transaction ends: whoever decides something about the whole tenant queues here. */
  async lock(tenantId: string): Promise<void> {
    await this.database.write(lock, [tenantId]);
  }

  /** Null when there is no such tenant. */
  async nameOf(tenantId: string): Promise<string | null> {
    return (await this.database.readOne(nameOf, [tenantId]))?.name ?? null;
  }
}
