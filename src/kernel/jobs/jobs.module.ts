import { type BeforeApplicationShutdown, Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { DatabaseModule } from '../database/index.js';
import { Configuration, Shutdown } from '../runtime/index.js';
import { DatabaseHousekeeping } from './database-housekeeping.js';
import { DiscoveredMethods } from './discovered-methods.js';
import { JobOutboxRow } from './job-outbox-row.entity.js';
import { JobPool } from './job-pool.js';
import { JobRelay } from './job-relay.js';
import { JobRunner } from './job-runner.js';
import { JobWorker } from './job-worker.entity.js';
import { Jobs } from './jobs.js';
import { ScheduleCatalogue } from './schedule-catalogue.js';
import { ScheduleLeases } from './schedule-lease.js';
import { ScheduleRow } from './schedule-row.entity.js';
import { ScheduleRunner } from './schedule-runner.js';
import { UnhandledJobs } from './unhandled-jobs.js';
import { WorkerPresence } from './worker-presence.js';

@Global()
@Module({
  imports: [
    DiscoveryModule,
    ScheduleModule.forRoot(),
    DatabaseModule.entities([JobOutboxRow, JobWorker, ScheduleRow]),
  ],
  providers: [
    Jobs,
    JobPool,
    JobRelay,
    JobRunner,
    WorkerPresence,
    UnhandledJobs,
    DiscoveredMethods,
    ScheduleCatalogue,
    ScheduleLeases,
    ScheduleRunner,
    DatabaseHousekeeping,
  ],
  exports: [Jobs, ScheduleCatalogue, ScheduleRunner],
})
export class JobsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stopped?: Promise<void>;

  constructor(
    private readonly configuration: Configuration,
    private readonly relay: JobRelay,
    private readonly runner: JobRunner,
    private readonly schedules: ScheduleRunner,
    private readonly pool: JobPool,
    shutdown: Shutdown,
  ) {
    shutdown.on('jobs', 'jobs and schedules', () => this.stop());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.configuration.runsJobs) return;
    await this.runner.start();
    this.relay.start();
    await this.schedules.start();
  }

  /** For an application that is closed without more ado. In an orderly end the jobs have had their time by now. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.stopped === undefined) await this.stop();
  }

  private stop(): Promise<void> {
    this.stopped ??= this.stopOnce();
    return this.stopped;
  }

  private async stopOnce(): Promise<void> {
    await Promise.all([this.relay.stop(), this.runner.stop(), this.schedules.stop()]);
    await this.pool.close();
  }
}
