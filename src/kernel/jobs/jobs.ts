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

const countWaiting = statement<{ depth: number }>(
  'job_queue_depth',
  `SELECT ((SELECT count(*) FROM job_outbox)
         + (SELECT count(*) FROM graphile_worker._private_jobs WHERE is_available))::integer AS depth`,
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

  /** Jobs waiting for their time or a free worker, in the outbox and in the queue; those failed for good not counted. */
  async queueDepth(): Promise<number> {
    return (await this.database.readOne(countWaiting))?.depth ?? 0;
  }
}
