import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { Database, statement } from '../../../kernel/database/index.js';
import type { FullEntry } from '../audit-entry.dto.js';
import { FULL_ENTRY, WITH_PERSONAL, WITH_PLACE } from '../entry-columns.js';

/** Each of these has an index; an entry that several find is one. */
const around = statement<FullEntry>(
  'audit.entries_around',
  `SELECT ${FULL_ENTRY} FROM (
     SELECT id FROM (
       SELECT c.* FROM unnest($2::uuid[]) k (v) CROSS JOIN LATERAL (SELECT id FROM audit_entries
         WHERE tenant_id = $1 AND command_id = k.v ORDER BY id LIMIT $6) c
       UNION
       SELECT c.* FROM unnest($3::uuid[]) k (v) CROSS JOIN LATERAL (SELECT id FROM audit_entries
         WHERE tenant_id = $1 AND approval_id = k.v ORDER BY id LIMIT $6) c
       UNION
       SELECT c.* FROM unnest($4::text[]) k (v) CROSS JOIN LATERAL (SELECT id FROM audit_entries
         WHERE tenant_id = $1 AND resource_id = k.v ORDER BY id LIMIT $6) c
       UNION
       SELECT c.* FROM unnest($5::text[]) k (v) CROSS JOIN LATERAL (SELECT id FROM audit_entries
         WHERE tenant_id = $1 AND request_id = k.v ORDER BY id LIMIT $6) c
     ) AS found ORDER BY id LIMIT $6
   ) f JOIN audit_entries e USING (id) ${WITH_PERSONAL} ${WITH_PLACE} ORDER BY e.id`,
);

/** What entries may have in common. */
export interface CommonGround {
  readonly commands: readonly string[];
  readonly approvals: readonly string[];
  /** Ids of things that entries are about. */
  readonly resources: readonly string[];
  readonly requests: readonly string[];
}

@Injectable()
export class EntryContextRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  around(
    { tenantId }: TenantScope,
    { commands, approvals, resources, requests }: CommonGround,
    most: number,
  ): Promise<FullEntry[]> {
    return this.database.read(around, [tenantId, commands, approvals, resources, requests, most]);
  }
}
