/** One thing that was looked at, for whoever reads `/readyz`. */
export interface Check {
  readonly name: string;
  /** `degraded` is worth a look and does not take the process out of rotation. */
  readonly status: 'ok' | 'degraded' | 'failed';
  /** What is wrong and what to do about it; absent when nothing is. */
  readonly detail?: string;
}
