import { Injectable, Logger } from '@nestjs/common';

/**
 * What ends, in this order: first balancers are told, then requests under way are finished, then jobs, and the
 * database goes last, because everything before still writes to it.
 */
const PHASES = ['readiness', 'drain', 'jobs', 'database', 'embedded'] as const;
export type ShutdownPhase = (typeof PHASES)[number];

/** How long a phase may take, in milliseconds, before the next one begins regardless. */
const LIMITS_MS: Record<ShutdownPhase, number> = {
  readiness: 2_000,
  drain: 20_000,
  jobs: 10_000,
  database: 5_000,
  embedded: 15_000,
};

interface Step {
  readonly name: string;
  readonly stop: () => unknown;
}

/**
 * The orderly end of the process. Whoever holds something that must be let go registers a step; steps of one phase run
 * side by side. A step that fails or hangs is logged and never keeps the others from running.
 */
@Injectable()
export class Shutdown {
  private readonly log = new Logger('Shutdown');
  private readonly steps = new Map<ShutdownPhase, Step[]>();
  private stopped?: Promise<void>;
  private stopping = false;

  /** True from the moment the end was asked for: what readiness reports. */
  get isStopping(): boolean {
    return this.stopping;
  }

  on(phase: ShutdownPhase, name: string, stop: () => unknown): void {
    this.steps.set(phase, [...(this.steps.get(phase) ?? []), { name, stop }]);
  }

  /**
   * Runs all phases once; later calls wait for the first.
   *
   * @param longestMs upper bound for each phase, for an end that cannot wait as long as usual
   */
  stop(reason: string, longestMs = Infinity): Promise<void> {
    this.stopped ??= this.runPhases(reason, longestMs);
    return this.stopped;
  }

  private async runPhases(reason: string, longestMs: number): Promise<void> {
    this.stopping = true;
    this.log.log(`Stopping: ${reason}`);
    for (const phase of PHASES) {
      const limitMs = Math.min(LIMITS_MS[phase], longestMs);
      await Promise.all((this.steps.get(phase) ?? []).map((step) => this.runStep(phase, step, limitMs)));
    }
    this.log.log('Stopped');
  }

  private async runStep(phase: ShutdownPhase, step: Step, limitMs: number): Promise<void> {
    const startedMs = performance.now();
    try {
      await withinLimit(step.stop, limitMs);
      this.log.log(`${phase}: ${step.name} ended in ${Math.round(performance.now() - startedMs)} ms`);
    } catch (error) {
      this.log.error(error instanceof Error ? error : new Error(String(error)), `${phase}: ${step.name}`);
    }
  }
}

async function withinLimit(work: () => unknown, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ended after ${limitMs} ms`)), limitMs);
  });
  try {
    // `async` turns a synchronous throw into a rejection, so that it is caught like any other.
    await Promise.race([(async () => work())(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
