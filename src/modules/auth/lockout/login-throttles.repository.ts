import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { LoginThrottle } from './login-throttle.entity.js';

/** The three counters that one try to log in meets. */
export interface ThrottleKeys {
  readonly tenantId: string;
  readonly address: string;
  readonly login: string;
  readonly loginAddress: string;
}

const COLUMNS = columnsOf(LoginThrottle);
const OURS = countersOf({ tenantId: '$1', address: '$2', login: '$3', loginAddress: '$4' });

const lockedUntil = statement<{ lockedUntil: Date | null }>(
  'login_throttles_locked_until',
  `SELECT max(locked_until) AS "lockedUntil" FROM login_throttles WHERE ${OURS}`,
);
// The update changes nothing; it makes everybody who counts on the same rows wait, always in this order of kinds.
const hold = statement<LoginThrottle>(
  'login_throttles_hold',
  `INSERT INTO login_throttles (tenant_id, kind, key_hash, failures, window_started_at, last_failure_at)
   VALUES ($1, 'address', $2, 0, $5, $5), ($1, 'login', $3, 0, $5, $5), ($1, 'login_address', $4, 0, $5, $5)
   ON CONFLICT (tenant_id, kind, key_hash) DO UPDATE SET failures = login_throttles.failures
   RETURNING ${COLUMNS}`,
);
const store = statement(
  'login_throttles_store',
  `UPDATE login_throttles AS t
   SET failures = v.failures, window_started_at = v.window_started_at, last_failure_at = $2, locked_until = v.locked_until
   FROM unnest($3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::timestamptz[])
     AS v (kind, key_hash, failures, window_started_at, locked_until)
   WHERE t.tenant_id = $1 AND t.kind = v.kind AND t.key_hash = v.key_hash`,
);
// All parts of one statement see the counters as they were before it.
const clear = statement<{ lockedUntil: Date | null }>(
  'login_throttles_clear',
  `WITH cleared AS (
     ${clearing({ tenantId: '$1', loginAddress: '$4', now: '$5' })}
   )
   SELECT max(locked_until) AS "lockedUntil" FROM login_throttles WHERE ${OURS}`,
);
const sweep = statement<{ kind: string }>(
  'login_throttles_sweep',
  `DELETE FROM login_throttles WHERE (tenant_id, kind, key_hash) IN (
     SELECT tenant_id, kind, key_hash FROM login_throttles WHERE last_failure_at < $1
     ORDER BY last_failure_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) RETURNING kind`,
);

/** The condition for the three, given where each key stands. */
export function countersOf({ tenantId, address, login, loginAddress }: ThrottleKeys): string {
  return `tenant_id = ${tenantId}
     AND (kind, key_hash) IN (('address', ${address}), ('login', ${login}), ('login_address', ${loginAddress}))`;
}

/** Forgets the failures of a login from an address unless they lock it. */
export function clearing(parameter: Record<'tenantId' | 'loginAddress' | 'now', string>): string {
  const { tenantId, loginAddress, now } = parameter;
  return `DELETE FROM login_throttles WHERE tenant_id = ${tenantId} AND kind = 'login_address' AND key_hash = ${loginAddress}
       AND (locked_until IS NULL OR locked_until <= ${now})`;
}

@Injectable()
export class LoginThrottlesRepository {
  constructor(private readonly database: Database) {}

  /** The end of the longest lock on the three, which may lie in the past; null when none was ever locked. */
  async lockedUntil(keys: ThrottleKeys): Promise<Date | null> {
    return (await this.database.readOne(lockedUntil, valuesOf(keys)))?.lockedUntil ?? null;
  }

  /** The three counters, made if they are missing, held until the transaction ends. */
  hold(keys: ThrottleKeys, now: Date): Promise<LoginThrottle[]> {
    return this.database.write(hold, [...valuesOf(keys), now]);
  }

  /** Writes counters that are held, all of one failure. */
  async store(throttles: readonly LoginThrottle[]): Promise<void> {
    const [{ tenantId, lastFailureAt }] = throttles;
    const columns = [
      throttles.map(({ kind }) => kind),
      throttles.map(({ keyHash }) => keyHash),
      throttles.map(({ failures }) => failures),
      throttles.map(({ windowStartedAt }) => windowStartedAt),
      throttles.map(({ lockedUntil }) => lockedUntil),
    ];
    await this.database.write(store, [tenantId, lastFailureAt, ...columns]);
  }

  /** Forgets failures of this login from this address unless they lock it; says until when any of the three locks. */
  async clear(keys: ThrottleKeys, now: Date): Promise<Date | null> {
    return (await this.database.writeOne(clear, [...valuesOf(keys), now]))?.lockedUntil ?? null;
  }

  /** Deletes at most `limit` counters whose last failure was before the instant; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    return (await this.database.write(sweep, [before, limit])).length;
  }
}

function valuesOf({ tenantId, address, login, loginAddress }: ThrottleKeys): string[] {
  return [tenantId, address, login, loginAddress];
}
