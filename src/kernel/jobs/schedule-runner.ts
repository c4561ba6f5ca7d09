import { Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { setTimeout as pause } from 'node:timers/promises';
import { runInOperation, systemOperation, systemPrincipal } from '../operation/index.js';
import { Ids } from '../runtime/index.js';
import { type Schedule, ScheduleCatalogue } from './schedule-catalogue.js';
import { ScheduleLeases } from './schedule-lease.js';

/** With the lease's 30 seconds this bounds how long a schedule of a dead process waits. */
export const LONGEST_PAUSE_MS = 10_000;
/** Somebody else took it in the very moment it was due; a look after this tells until when. */
const SHORTEST_PAUSE_MS = 20;
const RENEWAL_INTERVAL_MS = 8_000;
const LONGEST_RUN_SECONDS = 600;
/** Runs that take longer are left alone at the end, within the shutdown's own limit; their leases run out. */
const LONGEST_STOP_MS = 8_000;

interface Attempt {
  readonly ran: boolean;
  readonly failure?: Error;
  /** When to look again; null is now, undefined when it is not known. */
  readonly dueInMs: number | null | undefined;
}

/** Runs schedules, each on whichever process is first to take its lease. */
@Injectable()
export class ScheduleRunner {
  private readonly log = new Logger('Schedules');
  private readonly runs = new Set<Promise<unknown>>();
  private stopped = false;
  /** The end does not wait for what still runs. */
  private gaveUp = false;

  constructor(
    private readonly catalogue: ScheduleCatalogue,
    private readonly leases: ScheduleLeases,
    private readonly registry: SchedulerRegistry,
    private readonly ids: Ids,
  ) {}

  async start(): Promise<void> {
    for (const schedule of this.catalogue.schedules.values()) {
      await this.leases.register(schedule.declaration.name);
      this.look(schedule);
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
    const { ran, failure } = await this.underWay(this.tryRun(schedule, true));
    if (failure !== undefined) throw failure;
    return ran;
  }

  /** No run begins any more; resolves when those under way have ended, or have had their time. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const name of this.catalogue.schedules.keys()) {
      if (this.registry.doesExist('timeout', name)) this.registry.deleteTimeout(name);
    }
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(this.runs),
      pause(LONGEST_STOP_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    this.gaveUp = true;
  }

  /** Tries to run it, then looks again when it is due. */
  private look(schedule: Schedule): void {
    const { name } = schedule.declaration;
    void this.underWay(this.tryRun(schedule, false))
      .then(({ dueInMs }) => dueInMs)
      .catch((error: unknown) => {
        this.log.warn(`${name} could not be started or recorded: ${String(error)}`);
        return undefined;
      })
      .then((dueInMs) => this.lookAgain(schedule, dueInMs));
  }

  /** What the end waits for. */
  private underWay<T>(run: Promise<T>): Promise<T> {
    this.runs.add(run);
    const forget = (): boolean => this.runs.delete(run);
    run.then(forget, forget);
    return run;
  }

  private lookAgain(schedule: Schedule, dueInMs: number | null | undefined): void {
    if (this.stopped) return;
    const { name, everySeconds } = schedule.declaration;
    const longestMs = Math.min(everySeconds * 1000, LONGEST_PAUSE_MS);
    const wishedMs = dueInMs === undefined ? longestMs : (dueInMs ?? 0);
    const pauseMs = Math.min(Math.max(wishedMs, SHORTEST_PAUSE_MS), longestMs);
    if (this.registry.doesExist('timeout', name)) this.registry.deleteTimeout(name);
    this.registry.addTimeout(
      name,
      setTimeout(() => this.look(schedule), pauseMs),
    );
  }

  private async tryRun(schedule: Schedule, early: boolean): Promise<Attempt> {
    const { name, everySeconds } = schedule.declaration;
    const holder = this.ids.next();
    const { taken, dueInMs } = await this.leases.take(name, holder, early);
    if (!taken) return { ran: false, dueInMs };
    const renewal = setInterval(() => this.renew(name, holder), RENEWAL_INTERVAL_MS);
    try {
      await this.call(schedule, holder);
      return { ran: true, dueInMs: await this.leases.finish(name, holder, everySeconds, null) };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.log.error(failure, name);
      const dueInMs = await this.leases.finish(name, holder, everySeconds, String(failure));
      return { ran: true, failure, dueInMs };
    } finally {
      clearInterval(renewal);
    }
  }

  /** One that hangs would otherwise keep its lease, and all processes from running it, for ever. */
  private async call({ declaration, call }: Schedule, holder: string): Promise<void> {
    const { name, longestSeconds = LONGEST_RUN_SECONDS } = declaration;
    const admit = () => this.admit(name, holder);
    const run = runInOperation(systemOperation('schedule', holder, systemPrincipal(name), admit), call);
    const limit = new AbortController();
    const tooLong = pause(longestSeconds * 1000, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`Given up after ${longestSeconds} seconds.`);
    });
    // Cut short, which is no news.
    tooLong.catch(() => undefined);
    await Promise.race([run, tooLong]).finally(() => limit.abort());
  }

  private async admit(name: string, holder: string): Promise<void> {
    if (this.gaveUp) throw new Error('The process is ending.');
    await this.leases.requireHeld(name, holder);
  }

  private renew(name: string, holder: string): void {
    if (this.gaveUp) return;
    this.leases.renew(name, holder).then(
      (held) =>
        held || this.log.warn(`${name} took too long without a sign of life and belongs to another process`),
      (error: unknown) => this.log.warn(`The lease of ${name} could not be renewed: ${String(error)}`),
    );
  }
}
