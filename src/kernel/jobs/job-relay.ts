import { Injectable, Logger } from '@nestjs/common';
import { statement } from '../database/index.js';
import { JobPool } from './job-pool.js';

const POLL_INTERVAL_MS = 1_000;
const BATCH = 500;

/**
 * Of several rows with one key in a batch the last is taken: the queue replaces by key, and cannot twice in one
 * statement. SKIP LOCKED lets several processes relay side by side.
 */
const relayBatch = statement<{ taken: number }>(
  'job_outbox_relay',
  `WITH batch AS (SELECT id FROM job_outbox ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM job_outbox o USING batch WHERE o.id = batch.id RETURNING o.*),
        latest AS (SELECT DISTINCT ON (coalesce(job_key, id::text)) * FROM gone ORDER BY coalesce(job_key, id::text), id DESC),
        specs AS (
          SELECT array_agg(ROW(name, payload::json, NULL, run_at, max_attempts, job_key, NULL, NULL)::graphile_worker.job_spec
                           ORDER BY id) AS list
            FROM latest),
        added AS (SELECT count(*) FROM specs, LATERAL graphile_worker.add_jobs(specs.list, false) WHERE specs.list IS NOT NULL)
   SELECT (SELECT count(*) FROM gone)::integer AS taken, added.count FROM added`,
);
/** Moves jobs from the outbox, where transactions left them, into the queue. Runs where jobs run. */
@Injectable()
export class JobRelay {
  private readonly log = new Logger('Jobs');
  private timer: NodeJS.Timeout | null = null;
  private moving: Promise<void> | null = null;
  private moveAgain = false;
  private running = false;

  constructor(private readonly pool: JobPool) {}

  start(): void {
    this.running = true;
    this.timer = setInterval(() => this.wake(), POLL_INTERVAL_MS);
  }

  /** Something may be waiting in the outbox. */
  wake(): void {
    if (!this.running) return;
    this.moveAgain = true;
    this.moving ??= this.moveAll();
  }

  async stop(): Promise<void> {
    this.running = false;
    if (this.timer !== null) clearInterval(this.timer);
    await this.moving;
  }

  private async moveAll(): Promise<void> {
    try {
      while (this.moveAgain && this.running) {
        this.moveAgain = false;
        const [{ taken }] = await this.pool.query(relayBatch);
        if (taken === BATCH) this.moveAgain = true;
      }
    } catch (error) {
      this.log.warn(`Jobs stay in the outbox for now: ${String(error)}`);
    } finally {
      this.moving = null;
    }
  }
}
