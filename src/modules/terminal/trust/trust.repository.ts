import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { LAST_ID } from '../../../kernel/runtime/index.js';
import { TrustWindow } from './trust-window.entity.js';

const COLUMNS = columnsOf(TrustWindow);

const openFor = statement<TrustWindow>(
  'trust_windows_open',
  `SELECT ${COLUMNS} FROM trust_windows
    WHERE tenant_id = $1 AND principal_id = $2 AND expires_at > clock_timestamp() AND revoked_at IS NULL AND used < max_uses
    ORDER BY id`,
);
const byId = statement<TrustWindow>(
  'trust_window_by_id',
  `SELECT ${COLUMNS} FROM trust_windows WHERE tenant_id = $1 AND id = $2`,
);
const page = statement<TrustWindow>(
  'trust_windows_page',
  `SELECT ${COLUMNS} FROM trust_windows WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
);
const counted = statement<{ count: number }>(
  'trust_windows_count',
  'SELECT count(*)::int AS count FROM (SELECT FROM trust_windows WHERE tenant_id = $1 LIMIT $2) AS counted',
);
const use = statement<{ used: number; maxUses: number }>(
  'trust_window_use',
  `UPDATE trust_windows SET used = used + 1
    WHERE tenant_id = $1 AND id = $2 AND used < max_uses AND revoked_at IS NULL AND expires_at > clock_timestamp()
    RETURNING used, max_uses AS "maxUses"`,
);
const revoke = statement<{ principalId: string }>(
  'trust_window_revoke',
  `UPDATE trust_windows SET revoked_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING principal_id AS "principalId"`,
);

@Injectable()
export class TrustRepository {
  constructor(private readonly database: Database) {}

  /** What may still be used, by database time. */
  openFor(tenantId: string, principalId: string): Promise<TrustWindow[]> {
    return this.database.read(openFor, [tenantId, principalId]);
  }

  byId({ tenantId }: TenantScope, id: string): Promise<TrustWindow | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  /** Newest first, those older than `before`. */
  page({ tenantId }: TenantScope, before: string | null, limit: number): Promise<TrustWindow[]> {
    return this.database.read(page, [tenantId, before ?? LAST_ID, limit]);
  }

  async countUpTo({ tenantId }: TenantScope, most: number): Promise<number> {
    return (await this.database.readOne(counted, [tenantId, most]))?.count ?? 0;
  }

  /** Takes one use; null when it is over or used up by now. */
  use({ tenantId }: TenantScope, id: string): Promise<{ used: number; maxUses: number } | null> {
    return this.database.writeOne(use, [tenantId, id]);
  }

  /** Null when there is none that is still good. */
  revoke({ tenantId }: TenantScope, id: string): Promise<{ principalId: string } | null> {
    return this.database.writeOne(revoke, [tenantId, id]);
  }

  async add(window: TrustWindow): Promise<void> {
    await this.database.entities(TrustWindow).insert(window);
  }
}
