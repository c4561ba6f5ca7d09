import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

/** Whether somebody may use the terminals at all. */
export interface CallerFlags {
  readonly isActive: boolean;
  readonly isTerminalAuthorized: boolean;
  readonly isServerTerminalAuthorized: boolean;
}

const FLAGS = `is_terminal_authorized AS "isTerminalAuthorized",
  is_server_terminal_authorized AS "isServerTerminalAuthorized"`;

const userFlags = statement<CallerFlags>(
  'terminal_user_flags',
  `SELECT is_active AND deleted_at IS NULL AS "isActive", ${FLAGS} FROM users WHERE tenant_id = $1 AND id = $2`,
);
const serviceFlags = statement<CallerFlags>(
  'terminal_service_flags',
  `SELECT is_active AS "isActive", ${FLAGS} FROM service_principals WHERE tenant_id = $1 AND id = $2`,
);

const kindOf = statement<{ kind: 'user' | 'service' }>(
  'terminal_principal_kind',
  `SELECT 'user' AS kind FROM users WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL
   UNION ALL SELECT 'service' FROM service_principals WHERE tenant_id = $1 AND id = $2`,
);

const NOBODY: CallerFlags = {
  isActive: false,
  isTerminalAuthorized: false,
  isServerTerminalAuthorized: false,
};

/** Users and services as those who run commands, with the flags that administrators set on them. */
@Injectable()
export class CallersRepository {
  constructor(private readonly database: Database) {}

  async flagsOf(tenantId: string, kind: 'user' | 'service', id: string): Promise<CallerFlags> {
    const statementOfKind = kind === 'user' ? userFlags : serviceFlags;
    return (await this.database.readOne(statementOfKind, [tenantId, id])) ?? NOBODY;
  }

  /** What the tenant knows under this identifier; null when that is nobody. */
  async kindOf(tenantId: string, id: string): Promise<'user' | 'service' | null> {
    return (await this.database.readOne(kindOf, [tenantId, id]))?.kind ?? null;
  }
}
