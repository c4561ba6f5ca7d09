import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

const lockTenant = statement<{ id: string }>(
  'setup_lock_tenant',
  'SELECT id FROM tenants WHERE id = $1 FOR NO KEY UPDATE',
);

@Injectable()
export class SetupRepository {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody else sets this tenant up: whether it has a user can be asked and relied upon. */
  async lockTenant(tenantId: string): Promise<void> {
    await this.database.write(lockTenant, [tenantId]);
  }
}
