import { Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { runInOperation, systemOperation, systemPrincipal } from '../operation/index.js';
import { Ids } from '../runtime/index.js';
import { type Schedule, ScheduleCatalogue } from './schedule-catalogue.js';
import { ScheduleLeases } from './schedule-lease.js';

/** With the lease's 30 seconds this bounds how long a schedule of a dead process waits. */
const LONGEST_TICK_MS = 10_000;
const RENEWAL_INTERVAL_MS = 8_000;

/** Runs schedules, each on whichever process is first to take its lease. */
@Injectable()
export class ScheduleRunner {
  private readonly log = new Logger('Schedules');
  private readonly runs = new Map<string, Promise<unknown>>();
  private stopped = false;

  constructor(
    private readonly catalogue: ScheduleCatalogue,
    private readonly leases: ScheduleLeases,
    private readonly registry: SchedulerRegistry,
    private readonly ids: Ids,
  ) {}

  async start(): Promise<void> {
    for (const schedule of this.catalogue.schedules.values()) {
      const { name, everySeconds } = schedule.declaration;
      await this.leases.register(name);
      const interval = setInterval(() => this.tick(schedule), Math.min(everySeconds * 1000, LONGEST_TICK_MS));
      this.registry.addInterval(name, interval);
      this.tick(schedule);
    }
  }

  /**
   * Runs a schedule whether or not it is time, unless somebody is running it.
   *
   * @returns false when somebody was
   * @throws what the schedule threw
   */
  async runNow(name: string): Promise<boolean> {
    const schedule = this.catalogue.schedules.get(name);
    if (schedule === undefined) throw new Error(`No schedule is called ${name}`);
    await this.leases.register(name);
    const run = await this.tryRun(schedule, true);
    if (run?.failure !== undefined) throw run.failure;
    return run !== null;
  }

  /** No run begins any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const name of this.catalogue.schedules.keys()) {
      if (this.registry.doesExist('interval', name)) this.registry.deleteInterval(name);
    }
    await Promise.allSettled(this.runs.values());
  }

  private tick(schedule: Schedule): void {
    const { name } = schedule.declaration;
    if (this.stopped || this.runs.has(name)) return;
    const run = this.tryRun(schedule, false)
      .catch((error: unknown) => this.log.warn(`${name} could not be started or recorded: ${String(error)}`))
      .finally(() => this.runs.delete(name));
    this.runs.set(name, run);
  }

  /** Null when the lease was not to be had. */
  private async tryRun(schedule: Schedule, early: boolean): Promise<{ failure?: Error } | null> {
    const { name, everySeconds } = schedule.declaration;
    const holder = this.ids.next();
    if (!(await this.leases.take(name, holder, early))) return null;
    const renewal = setInterval(() => this.renew(name, holder), RENEWAL_INTERVAL_MS);
    try {
      await this.call(schedule, holder);
      await this.leases.finish(name, holder, everySeconds, null);
      return {};
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.log.error(failure, name);
      await this.leases.finish(name, holder, everySeconds, String(failure));
      return { failure };
    } finally {
      clearInterval(renewal);
    }
  }

  private call({ declaration: { name }, call }: Schedule, holder: string): Promise<unknown> {
    const admit = () => this.leases.requireHeld(name, holder);
    return runInOperation(systemOperation('schedule', holder, systemPrincipal(name), admit), call);
  }

  private renew(name: string, holder: string): void {
    this.leases.renew(name, holder).then(
      (held) =>
        held || this.log.warn(`${name} took too long without a sign of life and belongs to another process`),
      (error: unknown) => this.log.warn(`The lease of ${name} could not be renewed: ${String(error)}`),
    );
  }
}
