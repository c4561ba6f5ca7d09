import type pg from 'pg';
import { checkCompleteness } from './completeness.js';
import { DatabaseLog } from './database-log.js';
import { Findings } from './findings.js';
import { KeyTrust } from './key-trust.js';
import { tenantOf } from './outside-checkpoints.js';
import type { LogReport, VerificationReport } from './report.js';
import type { LogKey } from './sealed-log.js';
import { checkTiles } from './tile-check.js';
import { UnsealedCheck } from './unsealed-check.js';
import { checkLog, type Evidence, firstBadSeq } from './verification.js';

/**
 * What a database or a role may have set for its sessions must not decide what is read: how values are written, whose
 * functions stand in front of the server's, and which rows a policy leaves out (it fails instead). The schema stays the
 * one that the service works in.
 */
const PLAIN_SESSION = `
  SELECT pg_catalog.set_config('search_path', 'pg_catalog, ' || pg_catalog.quote_ident(pg_catalog.current_schema()) || ', pg_temp', true);
  SET LOCAL row_security = off; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on`;

/** A page of the log is looked up by its indexes: a plan that reads a whole table for each page takes n² for the log. */
const BY_INDEX =
  'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL max_parallel_workers_per_gather = 0';
const BY_ANY = 'SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on';

/** Verifies the logs of all tenants, or of one, as the database has them at one moment. */
export async function verifyDatabase(
  client: pg.Client,
  evidence: Evidence,
  tenantId: string | null = null,
): Promise<VerificationReport> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await verifySnapshot(client, evidence, tenantId);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

/** The same inside a transaction that somebody else has opened. */
export async function verifySnapshot(
  client: pg.Client,
  evidence: Evidence,
  tenantId: string | null = null,
): Promise<VerificationReport> {
  const findings = new Findings();
  const remarks: string[] = [];
  const logs: LogReport[] = [];
  await client.query(PLAIN_SESSION);
  const keys = await keysIn(client);
  const unsealed = new UnsealedCheck();
  await unsealed.run(client);
  const tenantIds = await tenantsIn(client);
  await client.query(BY_INDEX);
  for (const id of tenantId === null ? tenantIds : [tenantId]) {
    const log = await DatabaseLog.of(client, id, keys, unsealed.hashesBehindSealer);
    const checked = await checkLog(log, evidence, findings, unsealed.waiting(id));
    await checkTiles(client, log, findings);
    logs.push(checked.report);
    remarks.push(...checked.remarks);
  }
  if (tenantId === null) reportGone(new Set(tenantIds), keys, evidence, findings);
  unsealed.report(findings);
  await client.query(BY_ANY);
  const completeness = await checkCompleteness(client, findings);
  return {
    exitCode: findings.exitCode,
    firstBadSeq: firstBadSeq(findings.list),
    keysPinned: evidence.trustedKeys !== null,
    logs,
    findings: findings.list,
    findingsTotal: findings.count,
    completeness,
    remarks,
  };
}

/** Whole logs that somebody outside has a checkpoint of, and the database nothing. */
function reportGone(
  tenantIds: ReadonlySet<string>,
  keys: readonly LogKey[],
  { checkpoints, trustedKeys }: Evidence,
  findings: Findings,
): void {
  const trust = new KeyTrust(keys, trustedKeys);
  const keyIds = keys.map(({ keyId }) => keyId);
  for (const note of checkpoints.ofTenantsGone(tenantIds, trust, keyIds)) {
    const what = `A checkpoint that was kept outside covers ${note.size} entries of a log of which nothing is left.`;
    findings.add({ code: 4, tenantId: tenantOf(note), seq: 0, what });
  }
}

async function keysIn(client: pg.Client): Promise<LogKey[]> {
  const { rows } = await client.query<LogKey>(
    `SELECT key_id AS "keyId", public_key AS "publicKey", previous_key_id AS "previousKeyId", endorsement
       FROM audit_keys ORDER BY created_at, key_id`,
  );
  return rows;
}

async function tenantsIn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM tenants UNION SELECT tenant_id FROM (
       SELECT DISTINCT tenant_id FROM audit_checkpoints UNION SELECT tenant_id FROM audit_leaves WHERE seq = 0
     ) AS logs ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
}
