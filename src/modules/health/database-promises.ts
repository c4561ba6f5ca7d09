import { type Database, statement } from '../../kernel/database/index.js';
import type { Check } from './check.js';

const promises = statement<{ mayRewrite: boolean; forgetful: string[] }>(
  'readiness_database_promises',
  `SELECT has_table_privilege('audit_entries', 'UPDATE') OR has_table_privilege('audit_entries', 'DELETE') AS "mayRewrite",
          array(SELECT name FROM unnest(ARRAY['fsync', 'full_page_writes', 'synchronous_commit']) AS name
                 WHERE current_setting(name) = 'off') AS forgetful`,
);

/** What the database must be trusted with and does not promise by itself. Settled before us, so asked once, at start. */
export async function checkPromises(database: Database): Promise<Check[]> {
  const [{ mayRewrite, forgetful }] = await database.read(promises);
  return [auditCheck(mayRewrite), durabilityCheck(forgetful)];
}

function auditCheck(mayRewrite: boolean): Check {
  if (!mayRewrite) return { name: 'audit_protection', status: 'ok' };
  const detail =
    'The run-time role owns the audit tables, so only a trigger guards them. Set REEVE_MIGRATION_DATABASE_URL to a ' +
    'second role that owns the schema.';
  return { name: 'audit_protection', status: 'degraded', detail };
}

/** Told and not refused: databases whose storage is durable by other means run with some of these off. */
function durabilityCheck(forgetful: readonly string[]): Check {
  if (forgetful.length === 0) return { name: 'durability', status: 'ok' };
  const detail =
    `The database runs with ${forgetful.join(', ')} off: when its machine crashes, what was acknowledged may be lost or ` +
    'spoilt, audit entries included. Turn them on, unless its storage is known to be durable without.';
  return { name: 'durability', status: 'degraded', detail };
}
