import { Injectable, Logger } from '@nestjs/common';
import { statement } from '../database/index.js';
import { JobPool } from './job-pool.js';
import { Scheduled } from './schedule-declaration.js';

const HEARTBEAT_INTERVAL_MS = 5_000;

const heartbeat = statement(
  'job_worker_heartbeat',
  `INSERT INTO job_workers (worker_id, heartbeat_at) VALUES ($1, clock_timestamp())
   ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
);
const leave = statement('job_worker_leave', 'DELETE FROM job_workers WHERE worker_id = $1');
const unlock = statement('job_worker_unlock', 'SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text])');
const forgetSilent = statement(
  'job_workers_forget_silent',
  `DELETE FROM job_workers WHERE heartbeat_at < clock_timestamp() - interval '1 day'`,
);
/** The age of the lock spares a worker that has begun but not yet said so. */
const silentHolders = statement<{ workerId: string }>(
  'job_workers_silent_holders',
  `SELECT DISTINCT j.locked_by AS "workerId"
     FROM graphile_worker._private_jobs j
    WHERE j.locked_at < clock_timestamp() - interval '30 seconds'
      AND NOT EXISTS (SELECT 1 FROM job_workers w
                       WHERE w.worker_id = j.locked_by AND w.heartbeat_at > clock_timestamp() - interval '30 seconds')`,
);

/**
 * Who works, and who has stopped saying so. The queue itself would leave the jobs of a dead worker locked for hours.
 */
@Injectable()
export class WorkerPresence {
  private readonly log = new Logger('Jobs');
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly pool: JobPool) {}

  begin(workerId: string): void {
    this.pause();
    this.beat(workerId);
    this.timer = setInterval(() => this.beat(workerId), HEARTBEAT_INTERVAL_MS);
  }

  pause(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** What the worker still holds is free for others at once. */
  async leave(workerId: string): Promise<void> {
    this.pause();
    await this.pool.query(unlock, [workerId]);
    await this.pool.query(leave, [workerId]);
  }

  @Scheduled({
    name: 'jobs.free-silent-workers',
    everySeconds: 10,
    description: 'Gives the jobs of workers that have been silent for 30 seconds to others.',
  })
  async freeSilentWorkers(): Promise<void> {
    for (const { workerId } of await this.pool.query(silentHolders)) {
      this.log.warn(`Worker ${workerId} is silent; its jobs go to others`);
      await this.pool.query(unlock, [workerId]);
    }
    await this.pool.query(forgetSilent);
  }

  private beat(workerId: string): void {
    this.pool.query(heartbeat, [workerId]).catch((error: unknown) => {
      this.log.warn(`No sign of life could be given: ${String(error)}`);
    });
  }
}
