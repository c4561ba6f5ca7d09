import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { statement } from '../database/index.js';
import { JobPool } from './job-pool.js';

const POLL_INTERVAL_MS = 1_000;
const BATCH = 500;
const TURN_PAUSE_MS = 10;

/** Any number will do as long as nobody else in the database locks it: the bytes of "relay". */
export const TURN_LOCK = 491327873401;

/**
 * Of several rows with one key in a batch the last is taken: the queue replaces by key, and cannot twice in one
 * statement. One process at a time, or an older row of a key could come after a newer one.
 */
const relayBatch = statement<{ mine: boolean; taken: number }>(
  'job_outbox_relay',
  `WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${TURN_LOCK}) AS mine),
        batch AS (SELECT o.id FROM job_outbox o, turn WHERE turn.mine ORDER BY o.id LIMIT ${BATCH} FOR UPDATE OF o SKIP LOCKED),
        gone AS (DELETE FROM job_outbox o USING batch WHERE o.id = batch.id RETURNING o.*),
        latest AS (SELECT DISTINCT ON (coalesce(job_key, id::text)) * FROM gone ORDER BY coalesce(job_key, id::text), id DESC),
        specs AS (
          SELECT array_agg(ROW(name, payload::json, NULL, run_at, max_attempts, job_key, NULL, NULL)::graphile_worker.job_spec
                           ORDER BY id) AS list
            FROM latest),
        added AS (SELECT count(*) FROM specs, LATERAL graphile_worker.add_jobs(specs.list, false) WHERE specs.list IS NOT NULL)
   SELECT turn.mine, (SELECT count(*) FROM gone)::integer AS taken, added.count FROM turn, added`,
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
        const [{ mine, taken }] = await this.pool.query(relayBatch);
        // Whose turn it is may have looked before our row was there.
        if (!mine) await pause(TURN_PAUSE_MS);
        if (!mine || taken === BATCH) this.moveAgain = true;
      }
    } catch (error) {
      this.log.warn(`Jobs stay in the outbox for now: ${String(error)}`);
    } finally {
      this.moving = null;
    }
  }
}
