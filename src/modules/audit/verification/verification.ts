import type { Finding, Findings } from './findings.js';
import { KeyTrust } from './key-trust.js';
import { LogCheck } from './log-check.js';
import { checkOutside, type OutsideCheckpoints } from './outside-checkpoints.js';
import type { LogReport } from './report.js';
import type { SealedLog } from './sealed-log.js';

/** What somebody brings along from outside. */
export interface Evidence {
  /** Ids of the keys they know; null when they know none. */
  readonly trustedKeys: ReadonlySet<string> | null;
  readonly checkpoints: OutsideCheckpoints;
}

export interface CheckedLog {
  readonly report: LogReport;
  readonly remarks: readonly string[];
  /** How many of the outside checkpoints were of this log. */
  readonly outside: number;
}

/** Steps 1 to 6 of docs/audit-format.md, for one log. */
export async function checkLog(
  log: SealedLog,
  evidence: Evidence,
  findings: Findings,
  waiting: number | null,
): Promise<CheckedLog> {
  const trust = new KeyTrust(log.keys, evidence.trustedKeys);
  const outside = evidence.checkpoints.of(log);
  const check = new LogCheck(log, trust, findings, new Set(outside.map(({ size }) => size)));
  await check.run();
  const remarks = checkOutside(log, check, outside, trust, findings);
  const { tenantId, firstSeq, newest } = log;
  const newestCheckpoint = newest?.treeSize ?? null;
  return {
    report: { tenantId, firstSeq, size: check.size, ...check.counts, newestCheckpoint, waiting },
    remarks,
    outside: outside.length,
  };
}

export function firstBadSeq(findings: readonly Finding[]): number | null {
  return findings.at(0)?.seq ?? null;
}
