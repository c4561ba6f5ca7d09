import { Injectable } from '@nestjs/common';
import { Database, statement, UnitOfWork } from '../database/index.js';
import type { JsonValue } from '../problem/index.js';
import { Clock, Ids } from '../runtime/index.js';
import { jobDeclarations } from './job-declaration.js';
import { JobRelay } from './job-relay.js';

export interface JobRequest {
  /** One that a `@Job` handler declares. */
  readonly name: string;
  /** Readable by operators: no secrets, no personal text. */
  readonly payload: JsonValue;
  /** A job with the same key that has not begun is replaced. */
  readonly key?: string;
  /** Not before; at once by default. */
  readonly runAt?: Date;
}

const insertJob = statement(
  'job_outbox_insert',
  `INSERT INTO job_outbox (id, name, payload, job_key, run_at, max_attempts)
   VALUES ($1, $2, $3::text::jsonb, $4, $5, $6)`,
);

export const JOB_STATES = ['ready', 'delayed', 'running', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The outbox counts as well: what is there has been promised. */
const queueUse = statement<{ state: JobState; count: number; waitSeconds: number }>(
  'jobs_queue_use',
  `SELECT state, count(*)::integer AS count,
          extract(epoch FROM clock_timestamp() - min(run_at))::double precision AS "waitSeconds"
     FROM (SELECT CASE WHEN run_at <= clock_timestamp() THEN 'ready' ELSE 'delayed' END AS state, run_at
             FROM job_outbox
           UNION ALL
           SELECT CASE WHEN locked_at IS NOT NULL THEN 'running'
                       WHEN NOT is_available THEN 'failed'
                       WHEN run_at <= clock_timestamp() THEN 'ready'
                       ELSE 'delayed' END, run_at
             FROM graphile_worker._private_jobs) AS jobs
    GROUP BY state`,
);

/** Hands work to be done later. It is a row of the caller's transaction: rolled back, nobody ever hears of it. */
@Injectable()
export class Jobs {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly relay: JobRelay,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async enqueue({ name, payload, key, runAt }: JobRequest): Promise<void> {
    const declaration = jobDeclarations.get(name);
    if (declaration === undefined) throw new Error(`No handler for the job ${name}`);
    await this.database.write(insertJob, [
      this.ids.next(),
      name,
      JSON.stringify(payload),
      key ?? null,
      runAt ?? this.clock.now(),
      declaration.maxAttempts,
    ]);
    this.unitOfWork.afterCommit(() => this.relay.wake());
  }

  /**
   * Jobs of all processes by state: `ready` to be worked on, `delayed` until their time, `running`, and `failed` for good;
   * and for how long the oldest of the ready ones has been so.
   */
  async queueUse(): Promise<{ byState: Record<JobState, number>; longestWaitSeconds: number }> {
    const uses = new Map((await this.database.read(queueUse)).map((use) => [use.state, use]));
    const byState = JOB_STATES.map((state) => [state, uses.get(state)?.count ?? 0]);
    return {
      byState: Object.fromEntries(byState) as Record<JobState, number>,
      longestWaitSeconds: uses.get('ready')?.waitSeconds ?? 0,
    };
  }
}
