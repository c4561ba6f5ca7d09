import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type JobHelpers,
  Logger as QueueLogger,
  run,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { Database, statement } from '../database/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../operation/index.js';
import { DiscoveredMethods } from './discovered-methods.js';
import { JOB_METADATA, JobHopeless } from './job-declaration.js';
import { JobPool, JOBS_AT_ONCE } from './job-pool.js';
import { WorkerPresence } from './worker-presence.js';

const POLL_INTERVAL_MS = 1_000;
const RESTART_PAUSE_MS = 1_000;
/** Handlers that take longer are left alone, and their jobs given to others; within the shutdown's own limit. */
const LONGEST_STOP_MS = 8_000;

const NOTEWORTHY = new Set<string>(['error', 'warning']);

/** FOR SHARE: while the transaction runs nobody can take the job away. */
const stillOurs = statement<{ ours: boolean }>(
  'job_still_ours',
  'SELECT true AS ours FROM graphile_worker._private_jobs WHERE id = $1 AND locked_by = $2 FOR SHARE',
);
const giveUp = statement(
  'job_give_up',
  'UPDATE graphile_worker._private_jobs SET max_attempts = attempts WHERE id = $1 AND locked_by = $2',
);

/** Takes jobs from the queue and calls their handlers. */
@Injectable()
export class JobRunner {
  private readonly log = new Logger('Jobs');
  private runner: Runner | null = null;
  private launching: Promise<void> = Promise.resolve();
  private workerId = '';
  private stopping = false;

  constructor(
    private readonly pool: JobPool,
    private readonly database: Database,
    private readonly methods: DiscoveredMethods,
    private readonly presence: WorkerPresence,
  ) {}

  async start(): Promise<void> {
    const tasks = this.tasks();
    if (Object.keys(tasks).length > 0) await this.launch(tasks);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const patience = new AbortController();
    await Promise.race([
      this.stopRunner(),
      pause(LONGEST_STOP_MS, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    if (this.workerId !== '') await this.presence.leave(this.workerId).catch(() => undefined);
  }

  /** Also one that is just being started. */
  private async stopRunner(): Promise<void> {
    await this.launching.catch(() => undefined);
    await this.runner?.stop().catch(() => undefined);
    this.runner = null;
  }

  private tasks(): TaskList {
    const found = this.methods.withMetadata<string>(JOB_METADATA);
    return Object.fromEntries(
      found.map(({ metadata: name, call }) => [
        name,
        (payload: unknown, helpers: JobHelpers) => this.handle(name, () => call(payload), helpers),
      ]),
    );
  }

  private launch(taskList: TaskList): Promise<void> {
    this.launching = this.runQueue(taskList);
    return this.launching;
  }

  private async runQueue(taskList: TaskList): Promise<void> {
    const events = new EventEmitter() as WorkerEvents;
    events.on('pool:create', ({ workerPool }) => {
      this.workerId = workerPool.id;
      this.presence.begin(workerPool.id);
    });
    events.on('job:failed', ({ job }) => {
      this.log.error(
        `Job ${job.id} (${job.task_identifier}) has failed for good after ${job.attempts} attempts`,
      );
    });
    this.runner = await run({
      pgPool: this.pool.connections,
      taskList,
      events,
      concurrency: JOBS_AT_ONCE,
      pollInterval: POLL_INTERVAL_MS,
      noHandleSignals: true,
      logger: new QueueLogger(() => (level, message) => {
        if (NOTEWORTHY.has(level)) this.log.warn(message);
      }),
    });
    const ended = () => void this.restart(taskList);
    this.runner.promise.then(ended, ended);
  }

  /** The queue's runner gives up when it cannot record an outcome; the jobs it held come back as a dead worker's do. */
  private async restart(taskList: TaskList): Promise<void> {
    this.presence.pause();
    while (!this.stopping) {
      await pause(RESTART_PAUSE_MS);
      if (this.stopping) return;
      try {
        return await this.launch(taskList);
      } catch (error) {
        this.log.warn(`Jobs cannot be worked on now: ${String(error)}`);
      }
    }
  }

  private async handle(name: string, call: () => Promise<unknown>, { job }: JobHelpers): Promise<void> {
    const { id, attempts, locked_by: workerId } = job;
    const admit = () => this.requireOurs(id, workerId);
    const operation = systemOperation('job', `job-${id}-${attempts}`, systemPrincipal(name), admit);
    try {
      await runInOperation(operation, call);
    } catch (error) {
      if (error instanceof JobHopeless) await this.pool.query(giveUp, [id, workerId]);
      throw error;
    }
    // The queue deletes a finished job without asking whose it is: to fail instead changes nothing that is not ours.
    await this.requireOurs(id, workerId);
  }

  private async requireOurs(jobId: string, workerId: string | null): Promise<void> {
    if ((await this.database.readOne(stillOurs, [jobId, workerId])) === null)
      throw new Error('The job has been given to another worker.');
  }
}
