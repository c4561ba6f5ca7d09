import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import type { ThrottleKeys } from '../lockout/login-throttles.repository.js';
import { User } from '../users/user.entity.js';

/** Whom a login means, and until when tries for it are refused. */
export interface Candidate {
  /** Null when nobody is called that, the account was deleted, or its tenant is suspended. */
  readonly user: User | null;
  /** May lie in the past; null when nothing was ever locked. */
  readonly lockedUntil: Date | null;
}

type CandidateRow = { [Column in keyof User]: User[Column] | null } & { readonly lockedUntil: Date | null };

// Always one row, found in the same way whether or not there is such a user.
const candidate = statement<CandidateRow>(
  'sign_in_candidate',
  `SELECT ${columnsOf(User, 'u')}, locks.until AS "lockedUntil"
   FROM (
     SELECT max(locked_until) AS until FROM login_throttles
     WHERE tenant_id = $1 AND (kind, key_hash) IN (('address', $2), ('login', $3), ('login_address', $4))
   ) AS locks
   LEFT JOIN users u ON u.tenant_id = $1 AND u.deleted_at IS NULL AND (u.username_key = $5 OR u.email_key = $5)
     AND EXISTS (SELECT FROM tenants t WHERE t.id = u.tenant_id AND t.is_active)`,
);

@Injectable()
export class SignInRepository {
  constructor(private readonly database: Database) {}

  /** @param login in its canonical form */
  async candidate(login: string, keys: ThrottleKeys): Promise<Candidate> {
    const values = [keys.tenantId, keys.address, keys.login, keys.loginAddress, login];
    const row = await this.database.readOne(candidate, values);
    if (row === null) return { user: null, lockedUntil: null };
    const { lockedUntil, ...user } = row;
    return { user: user.id === null ? null : (user as User), lockedUntil };
  }
}
