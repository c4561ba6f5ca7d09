import { Injectable, Logger } from '@nestjs/common';
import { statement } from '../database/index.js';
import { jobDeclarations } from './job-declaration.js';
import { JobPool } from './job-pool.js';
import { Scheduled } from './schedule-declaration.js';

/** An hour, because during an update the job may be one that the new version handles and this one does not. */
const failUnhandled = statement<{ name: string }>(
  'jobs_fail_unhandled',
  `UPDATE graphile_worker._private_jobs j SET attempts = max_attempts, last_error = 'No handler for this job', updated_at = now()
     FROM graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier <> ALL ($1::text[])
      AND j.is_available AND j.run_at < clock_timestamp() - interval '1 hour'
   RETURNING t.identifier AS name`,
);

/** The queue would keep jobs that nobody handles for ever, as waiting. */
@Injectable()
export class UnhandledJobs {
  private readonly log = new Logger('Jobs');

  constructor(private readonly pool: JobPool) {}

  @Scheduled({
    name: 'jobs.fail-unhandled',
    everySeconds: 300,
    description: 'Marks jobs as failed that nothing in this version handles.',
  })
  async failUnhandled(): Promise<void> {
    for (const { name } of await this.pool.query(failUnhandled, [[...jobDeclarations.keys()]]))
      this.log.error(`A job ${name} has failed for good: nothing handles it`);
  }
}
