import { ExportLog } from './export-log.js';
import { Findings, UsageError } from './findings.js';
import { OutsideCheckpoints } from './outside-checkpoints.js';
import type { VerificationReport } from './report.js';
import { checkLog, type Evidence, firstBadSeq } from './verification.js';

/** Verifies an export: nothing but the file is asked. @throws UsageError when it is none */
export async function verifyExport(path: string, evidence: Evidence): Promise<VerificationReport> {
  const log = await ExportLog.open(path);
  try {
    const findings = new Findings();
    const { report, remarks, outside } = await checkLog(log, evidence, findings, null);
    if (outside === 0 && evidence.checkpoints !== OutsideCheckpoints.none)
      throw new UsageError('The file of checkpoints has none of the log that was exported.');
    return {
      exitCode: findings.exitCode,
      firstBadSeq: firstBadSeq(findings.list),
      keysPinned: evidence.trustedKeys !== null,
      logs: [report],
      findings: findings.list,
      findingsTotal: findings.count,
      completeness: null,
      remarks,
    };
  } finally {
    await log.close();
  }
}
