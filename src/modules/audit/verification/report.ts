import type { Accounted } from './completeness.js';
import type { Finding } from './findings.js';

/** What a verification did and found; printed as JSON or as text. */
export interface VerificationReport {
  readonly exitCode: number;
  /** The first entry that is not right; null when all are, or none can be named. */
  readonly firstBadSeq: number | null;
  readonly keysPinned: boolean;
  readonly logs: readonly LogReport[];
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  /** Null when an export was verified: what happened besides is in the database alone. */
  readonly completeness: readonly Accounted[] | null;
  readonly remarks: readonly string[];
}

export interface LogReport {
  readonly tenantId: string;
  readonly firstSeq: number;
  readonly size: number;
  readonly entries: number;
  readonly erased: number;
  readonly checkpoints: number;
  /** Tree size of the newest. */
  readonly newestCheckpoint: number | null;
  /** Entries that have no place yet; null for an export. */
  readonly waiting: number | null;
}

const VERDICTS: Readonly<Record<number, string>> = {
  0: 'ok',
  2: 'content mismatch',
  3: 'gap or reorder',
  4: 'truncated',
  5: 'bad or unknown signature',
  6: 'fork',
};

export function textOf(report: VerificationReport): string {
  const { exitCode, firstBadSeq, findings, findingsTotal, completeness } = report;
  const where = firstBadSeq === null ? '' : `, first bad seq ${firstBadSeq}`;
  const lines = [
    ...report.logs.map(lineOf),
    ...findings.map(({ code, tenantId, seq, what }) => `  ${code} ${tenantId} seq ${seq ?? '–'}: ${what}`),
    ...(findingsTotal > findings.length ? [`  and ${findingsTotal - findings.length} more`] : []),
    ...report.remarks.map((remark) => `Note: ${remark}`),
    `Integrity and order: ${VERDICTS[exitCode] ?? exitCode}${where}`,
    completeness === null
      ? 'Completeness: gapless as far as the newest checkpoint; what else must have an entry is in the database alone.'
      : `Completeness: ${completeness.map(({ name, rows, missing }) => `${rows - missing} of ${rows} ${name}s`).join(', ')} have their entry`,
  ];
  if (!report.keysPinned)
    lines.push(
      'Signatures: keys not pinned, so the log is known to be consistent in itself. Give --trusted-key to know whose it is.',
    );
  return `${lines.join('\n')}\n`;
}

function lineOf(log: LogReport): string {
  const { tenantId, entries, firstSeq, size, checkpoints, newestCheckpoint, erased, waiting } = log;
  const range = entries === 0 ? 'no entries' : `${entries} entries (seq ${firstSeq} to ${size - 1})`;
  const parts = [range, `${checkpoints} checkpoints`];
  if (newestCheckpoint !== null) parts.push(`the newest of ${newestCheckpoint}`);
  if (erased > 0) parts.push(`${erased} with the personal part erased`);
  if (waiting !== null && waiting > 0) parts.push(`${waiting} not sealed yet`);
  return `Tenant ${tenantId}: ${parts.join(', ')}`;
}
