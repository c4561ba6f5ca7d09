import { Gauge, type Registry } from 'prom-client';

/** How the queue of jobs stands at this moment. */
export interface QueueUse {
  readonly byState: Readonly<Record<string, number>>;
  /** How long the job has been due that has waited longest; 0 when none waits. */
  readonly longestWaitSeconds: number;
}

const READ_AT_MOST_EVERY_MS = 5_000;

/** Read from the database, at most every 5 s, so that frequent readers do not become load. */
export class QueueMetrics {
  private read?: () => Promise<QueueUse>;
  private latest: Promise<QueueUse | null> = Promise.resolve(null);
  private readAtMs = -Infinity;

  constructor(registry: Registry) {
    const current = (): Promise<QueueUse | null> => this.current();
    new Gauge({
      name: 'job_queue_depth',
      help: 'Jobs by state.',
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        const use = await current();
        this.reset();
        for (const [state, count] of Object.entries(use?.byState ?? {})) this.set({ state }, count);
      },
    });
    new Gauge({
      name: 'job_queue_oldest_age_seconds',
      help: 'How long the job has been due that has waited longest.',
      registers: [registry],
      async collect() {
        const use = await current();
        if (use === null) this.remove();
        else this.set(use.longestWaitSeconds);
      },
    });
  }

  watch(read: () => Promise<QueueUse>): void {
    this.read = read;
  }

  /** Null while it is unknown: with the database away the other numbers are wanted most of all. */
  private current(): Promise<QueueUse | null> {
    if (performance.now() - this.readAtMs < READ_AT_MOST_EVERY_MS) return this.latest;
    this.readAtMs = performance.now();
    this.latest = this.read?.().catch(() => null) ?? Promise.resolve(null);
    return this.latest;
  }
}
