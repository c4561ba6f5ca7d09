/** Also the exit code of a verification that the finding decides; docs/audit-format.md explains each. */
export type FindingCode = 2 | 3 | 4 | 5 | 6;

export interface Finding {
  readonly code: FindingCode;
  readonly tenantId: string;
  /** The first entry it is about; null when it has no place in the log. */
  readonly seq: number | null;
  /** A sentence. */
  readonly what: string;
}

/** Beyond this they are counted: one bad deed can make each entry a finding. */
const MOST_KEPT = 100;

/** What was found, in order; the first decides. */
export class Findings {
  readonly list: Finding[] = [];
  private total = 0;

  get count(): number {
    return this.total;
  }

  get exitCode(): number {
    return this.list.at(0)?.code ?? 0;
  }

  add(finding: Finding): void {
    this.total += 1;
    if (this.list.length < MOST_KEPT) this.list.push(finding);
  }
}

/** The question was wrong, not the log: exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
