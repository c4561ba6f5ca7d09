import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { Metrics } from '../../../kernel/observability/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../../kernel/operation/index.js';
import { Clock, Configuration, Ids, Shutdown } from '../../../kernel/runtime/index.js';
import type { CommandRequest, StopCause } from '../commands/command-request.entity.js';
import { Claiming } from './claiming.js';
import { ExecutionDriver, RunRefused } from './driver.js';
import { Endings } from './endings.js';
import { OutputKeeping } from './output/output-keeping.js';
import { LEASE_SECONDS, RunsRepository } from './runs.repository.js';
import { Setbacks } from './setbacks.js';
import { StandingRuns } from './standing-runs.js';
import { SupervisedRun } from './supervised-run.js';

export const MOST_AT_ONCE = 16;
/** Somebody else's command need not wait until those of one have ended, each of which may take an hour. */
export const MOST_OF_ONE = 12;
const LOOK_INTERVAL_MS = 1_000;
const RENEWAL_INTERVAL_MS = 5_000;
/** From then on another process may say that nobody knows about our runs; nothing may go on that nobody watches. */
const LONGEST_SILENCE_MS = (LEASE_SECONDS - 8) * 1_000;
const RETRY_PAUSE_MS = 1_000;

/**
 * Runs what waits to be run, where jobs are run. The rows are the queue: a command is there for as long as it waits, and
 * each process looks when the change feed tells of a command, and once a second.
 */
@Injectable()
export class Executor implements OnApplicationBootstrap {
  private readonly log = new Logger('Terminal');
  private readonly id: string;
  private readonly runs = new Map<string, SupervisedRun>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly setbacks = new Setbacks();
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private isStopping = false;
  private isRenewing = false;

  constructor(
    private readonly configuration: Configuration,
    private readonly claiming: Claiming,
    private readonly endings: Endings,
    private readonly driver: ExecutionDriver,
    private readonly output: OutputKeeping,
    private readonly repository: RunsRepository,
    private readonly standing: StandingRuns,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
    ids: Ids,
    shutdown: Shutdown,
    metrics: Metrics,
  ) {
    this.id = ids.next();
    metrics.gauge(
      'terminal_commands_running',
      'Commands that this process runs on the server.',
      () => this.runs.size,
    );
    shutdown.on('readiness', 'new commands', () => this.takeNoMore());
    shutdown.on('jobs', 'running commands', () => this.stop());
  }

  onApplicationBootstrap(): void {
    const { runsJobs, terminalRoot } = this.configuration;
    if (!runsJobs || terminalRoot === undefined) return;
    this.feed.subscribe({
      changed: (tag) => this.changed(tag),
      changedUnseen: () => this.changedUnseen(),
    });
    this.timers.push(
      setInterval(() => this.look(), LOOK_INTERVAL_MS),
      setInterval(() => this.watch(), RENEWAL_INTERVAL_MS),
    );
    this.look();
  }

  private changed(tag: string): void {
    if (tag.startsWith('command:')) {
      this.look();
      const run = this.runs.get(tag.slice('command:'.length));
      if (run !== undefined) void this.heedStops([run.id]);
    }
    for (const run of this.runs.values())
      if (this.standing.dependsOn(run.claimed.command, tag)) void this.review(run);
  }

  private changedUnseen(): void {
    this.look();
    if (this.runs.size > 0) void this.heedStops([...this.runs.keys()]);
    for (const run of this.runs.values()) void this.review(run);
  }

  private look(): void {
    this.lookAgain = true;
    this.looking ??= this.takeAll().finally(() => {
      this.looking = null;
      // Somebody may have asked between the last look and this.
      if (this.mayTake) this.look();
    });
  }

  private get mayTake(): boolean {
    return this.lookAgain && !this.isStopping && this.runs.size < MOST_AT_ONCE;
  }

  private async takeAll(): Promise<void> {
    while (this.mayTake) {
      this.lookAgain = false;
      const room = MOST_AT_ONCE - this.runs.size;
      const holders = [...this.runs.values()].map(({ claimed }) => askerOf(claimed.command));
      const ids = await this.inOperation('look', () =>
        this.repository.queued(room, holders, MOST_OF_ONE, this.setbacks.at(this.clock.monotonicMs())),
      ).catch(() => []);
      let isAny = false;
      for (const id of ids) if (!this.isStopping && (await this.take(id))) isAny = true;
      if (isAny) this.lookAgain = true;
    }
  }

  /** What cannot be taken now keeps nobody else waiting. */
  private async take(id: string): Promise<boolean> {
    const askedMs = this.clock.monotonicMs();
    try {
      const claimed = await this.inOperation(id, () => this.claiming.claim(id, this.id));
      if (claimed === null) return false;
      this.setbacks.forget(id);
      const run = new SupervisedRun(claimed, askedMs, (pieces) =>
        this.inOperation(id, () => this.output.keep(id, pieces)),
      );
      this.runs.set(id, run);
      const done = this.complete(run).finally(() => {
        this.runs.delete(id);
        this.underWay.delete(done);
        this.look();
      });
      this.underWay.add(done);
      return true;
    } catch (error) {
      this.log.warn(`The command ${id} could not be taken: ${nameOf(error)}`);
      this.setbacks.add(id, this.clock.monotonicMs());
      return false;
    }
  }

  private async complete(run: SupervisedRun): Promise<void> {
    const { id } = run;
    try {
      const ending = await run.go(this.driver);
      // What cannot be kept is missing from the stream; how it ended must not be.
      await this.untilWritten(id, () => run.outputStored());
      await this.untilWritten(id, () => this.inOperation(id, () => this.endings.finish(id, this.id, ending)));
    } catch (error) {
      if (error instanceof RunRefused) {
        const { code, message } = error;
        const refusal = { code, message, status: 'denied', decision: 'denied' } as const;
        await this.untilWritten(id, () =>
          this.inOperation(id, () => this.claiming.refuse(id, this.id, refusal)),
        );
        return;
      }
      // Nobody can say how far it came, so it is left to be found as one of which nobody knows.
      this.log.error(`The command ${id} was not run as it should: ${nameOf(error)}`);
    }
  }

  /** As long as the run is still this process's to write about. */
  private async untilWritten(id: string, write: () => Promise<void>): Promise<void> {
    for (const startedMs = this.clock.monotonicMs(); ;) {
      try {
        return await write();
      } catch (error) {
        if (this.clock.monotonicMs() - startedMs > LEASE_SECONDS * 1_000) {
          this.log.error(`What became of the command ${id} could not be written: ${nameOf(error)}`);
          return;
        }
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  /** Nothing goes on that others may have given up. */
  private watch(): void {
    const nowMs = this.clock.monotonicMs();
    for (const run of this.runs.values())
      if (nowMs - run.spokenForAtMs > LONGEST_SILENCE_MS) run.stop('lease_lost');
    if (this.isRenewing) return;
    this.isRenewing = true;
    void this.renew(nowMs)
      .catch((error) => this.log.warn(`Running commands could not be spoken for: ${nameOf(error)}`))
      .finally(() => (this.isRenewing = false));
  }

  /** Those that are not ours any more were given up. */
  private async renew(nowMs: number): Promise<void> {
    const runs = [...this.runs.values()];
    const ours = await this.repository.renew(
      runs.map(({ id }) => id),
      this.id,
    );
    const known = new Map(ours.map(({ id, stopBecause }) => [id, stopBecause]));
    for (const run of runs) {
      if (known.has(run.id)) run.spokenForAtMs = nowMs;
      this.heed(run.id, known.get(run.id) ?? (known.has(run.id) ? null : 'lease_lost'));
    }
    await this.driver.endStrays((marked) => this.repository.over(marked));
  }

  private async heedStops(ids: readonly string[]): Promise<void> {
    const causes = await this.inOperation('stops', () => this.repository.stopCauses(ids, this.id)).catch(
      () => [],
    );
    for (const { id, stopBecause } of causes) this.heed(id, stopBecause);
  }

  private heed(id: string, because: StopCause | null): void {
    if (because !== null) this.runs.get(id)?.stop(because);
  }

  /** Until there is an answer: a change is told once, and what may not go on must not because nobody could be asked. */
  private async review(run: SupervisedRun): Promise<void> {
    const mayGoOn = () => this.inOperation(run.id, () => this.standing.mayGoOn(run.claimed.command));
    while (this.runs.has(run.id)) {
      try {
        if (!(await mayGoOn())) run.stop('policy');
        return;
      } catch {
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  private takeNoMore(): void {
    this.isStopping = true;
  }

  /** What runs is ended and written down as that, because it is known to have been ended. */
  private async stop(): Promise<void> {
    this.takeNoMore();
    await this.looking;
    for (const run of this.runs.values()) run.stop('shutdown');
    await Promise.all(this.underWay);
    for (const timer of this.timers) clearInterval(timer);
  }

  private inOperation<T>(subject: string, work: () => Promise<T>): Promise<T> {
    return runInOperation(systemOperation('job', `run-${subject}`, systemPrincipal('terminal.run')), work);
  }
}

/** Who answers for it. */
function askerOf({ delegatorId, principalId }: CommandRequest): string {
  return delegatorId ?? principalId;
}

/** Messages may quote what was run. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
