import { Injectable } from '@nestjs/common';
import { Database, statement, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { AuditErased } from './audit-erasure.events.js';

/** So many take a moment; more are erased in several transactions, each with its own entry. */
const MOST_AT_ONCE = 5_000;

/** What the erasure says about itself names nobody, and the next one must not find it. */
const erase = statement<{ erased: number }>(
  'audit.erase_personal',
  `WITH concerned AS (
     SELECT id FROM (
       SELECT id FROM audit_entries WHERE tenant_id = $1 AND actor_id = $2 AND actor_kind = 'user'
       UNION
       SELECT id FROM audit_entries WHERE tenant_id = $1 AND resource_id = $2 AND action <> 'audit.erase'
     ) AS entries WHERE EXISTS (SELECT FROM audit_personal WHERE entry_id = entries.id) LIMIT $3
   ), erased AS (
     DELETE FROM audit_personal WHERE entry_id IN (SELECT id FROM concerned) RETURNING entry_id
   )
   SELECT count(*)::int AS erased FROM erased`,
);

/** Takes a person out of the audit log: names, addresses and programs go, what was done stays provable. */
@Injectable()
export class PersonalErasure {
  constructor(
    private readonly database: Database,
    private readonly events: EventLog,
  ) {}

  /** @returns of how many entries the personal part was erased; again 0 when it is repeated */
  async erase(tenantId: string, userId: string): Promise<number> {
    let total = 0;
    for (;;) {
      const erased = await this.eraseSome(tenantId, userId, total === 0);
      total += erased;
      if (erased < MOST_AT_ONCE) return total;
    }
  }

  @Transactional()
  private async eraseSome(tenantId: string, userId: string, isFirst: boolean): Promise<number> {
    const erased = (await this.database.writeOne(erase, [tenantId, userId, MOST_AT_ONCE]))?.erased ?? 0;
    if (erased > 0 || isFirst)
      await this.events.record(
        new AuditErased({ resourceId: userId, detail: { entries: erased }, tenantId }),
      );
    return erased;
  }
}
