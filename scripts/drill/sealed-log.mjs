/**
 * Whether the audit log that several processes sealed while they were being killed is one log: verified against the
 * checkpoints that each of them had carried outside before it died.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SEALED_WITHIN_MS = 30_000;

export async function checkSealedLog({ dist, client, anchors, acknowledged }) {
  const { OutsideCheckpoints, verifyDatabase } = await import(join(dist, 'src/modules/audit/index.js'));
  const findings = [];
  if (!(await allSealed(client))) findings.push('Entries were still unsealed long after the last write');
  for (const anchor of anchors) {
    const evidence = { trustedKeys: null, checkpoints: OutsideCheckpoints.in(readFileSync(anchor, 'utf8')) };
    const report = await verifyDatabase(client, evidence);
    for (const { code, seq, what } of report.findings)
      findings.push(`Sealed log: ${code} at ${seq}: ${what}`);
    const entries = report.logs.reduce((sum, log) => sum + log.entries, 0);
    if (entries < acknowledged)
      findings.push(`${entries} entries are sealed, ${acknowledged} writes were acknowledged`);
  }
  const { rows } = await client.query('SELECT count(*)::int AS checkpoints FROM audit_checkpoints');
  return { findings, checkpoints: rows[0].checkpoints };
}

async function allSealed(client) {
  for (
    const deadline = performance.now() + SEALED_WITHIN_MS;
    performance.now() < deadline;
    await sleep(100)
  ) {
    const { rows } = await client.query(
      'SELECT count(*)::int AS unsealed FROM audit_entries e WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id)',
    );
    if (rows[0].unsealed === 0) return true;
  }
  return false;
}
