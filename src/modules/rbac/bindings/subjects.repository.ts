import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { Database, statement } from '../../../kernel/database/index.js';

export interface SubjectState {
  readonly kind: Subject['kind'];
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
}

// Known by table name: the module that owns them is not to be imported here.
const holdUser = statement<{ id: string }>(
  'subjects.hold_user',
  'SELECT id FROM users WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL FOR SHARE',
);
const holdService = statement<{ id: string }>(
  'subjects.hold_service',
  'SELECT id FROM service_principals WHERE tenant_id = $1 AND id = $2 FOR SHARE',
);
const states = statement<SubjectState>(
  'subjects.states',
  `SELECT 'user' AS kind, id, username AS name, is_active AS "isActive" FROM users
   WHERE tenant_id = $1 AND id = ANY ($2) AND deleted_at IS NULL
   UNION ALL
   SELECT 'service', id, name, is_active FROM service_principals WHERE tenant_id = $1 AND id = ANY ($2)`,
);

/** Users and services as those whom roles are given to. */
@Injectable()
export class SubjectsRepository {
  constructor(private readonly database: Database) {}

  /** Whether the tenant has it; if so it cannot be deleted before the transaction ends. */
  async hold({ kind, id, tenantId }: Subject): Promise<boolean> {
    return (await this.database.writeOne(kind === 'user' ? holdUser : holdService, [tenantId, id])) !== null;
  }

  /** Those among these identifiers that exist. */
  states(tenantId: string, ids: readonly string[]): Promise<SubjectState[]> {
    return this.database.read(states, [tenantId, ids]);
  }
}
