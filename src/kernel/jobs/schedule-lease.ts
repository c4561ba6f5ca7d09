import { Injectable } from '@nestjs/common';
import { Database, statement } from '../database/index.js';
import { JobPool } from './job-pool.js';

export type ScheduleOutcome = 'success' | 'failure';

/** A schedule as its row tells it. All times are the database's. */
export interface ScheduleState {
  readonly name: string;
  readonly leaseHolder: string | null;
  readonly lastStartedAt: Date | null;
  readonly lastFinishedAt: Date | null;
  readonly lastOutcome: ScheduleOutcome | null;
  readonly lastError: string | null;
  readonly nextRunAt: Date | null;
}

/** Whether the lease was had, and if not, when to ask again: null when nothing speaks against now. */
export interface Turn {
  readonly taken: boolean;
  readonly dueInMs: number | null;
}

/** How long a run may go without a sign of life before others may begin one. */
export const LEASE_SECONDS = 30;
const LONGEST_ERROR = 1024;

const register = statement(
  'schedule_register',
  'INSERT INTO schedules (name) VALUES ($1) ON CONFLICT DO NOTHING',
);
/** How long until it may be run: until its time has come and nobody has the lease. Negative when both are past. */
const DUE_IN_MS = `(extract(epoch FROM greatest(next_run_at, lease_until) - clock_timestamp()) * 1000)::float8 AS "dueInMs"`;

const take = statement<Turn>(
  'schedule_take',
  `WITH taken AS (
     UPDATE schedules SET lease_holder = $2, lease_until = clock_timestamp() + $4::integer * interval '1 second',
            last_started_at = clock_timestamp()
      WHERE name = $1 AND (lease_until IS NULL OR lease_until < clock_timestamp())
        AND ($3 OR next_run_at IS NULL OR next_run_at <= clock_timestamp())
     RETURNING name)
   SELECT EXISTS (SELECT FROM taken) AS taken, ${DUE_IN_MS} FROM schedules WHERE name = $1`,
);
const renew = statement<{ name: string }>(
  'schedule_renew',
  `UPDATE schedules SET lease_until = clock_timestamp() + $3::integer * interval '1 second'
    WHERE name = $1 AND lease_holder = $2 RETURNING name`,
);
const finish = statement<{ dueInMs: number | null }>(
  'schedule_finish',
  `UPDATE schedules SET lease_holder = NULL, lease_until = NULL, last_finished_at = clock_timestamp(),
          last_outcome = $3, last_error = $4, next_run_at = last_started_at + make_interval(secs => $5)
    WHERE name = $1 AND lease_holder = $2
   RETURNING ${DUE_IN_MS}`,
);
/** FOR SHARE: while the transaction runs nobody can take the schedule over. */
const stillOurs = statement<{ ours: boolean }>(
  'schedule_still_ours',
  'SELECT true AS ours FROM schedules WHERE name = $1 AND lease_holder = $2 FOR SHARE',
);
const states = statement<ScheduleState>(
  'schedule_states',
  `SELECT name, lease_holder AS "leaseHolder", last_started_at AS "lastStartedAt", last_finished_at AS "lastFinishedAt",
          last_outcome AS "lastOutcome", last_error AS "lastError", next_run_at AS "nextRunAt"
     FROM schedules ORDER BY name`,
);

/**
 * Who may run a schedule. A lease lasts 30 seconds by the database's clock and is renewed while its holder works; each
 * holder is one run of one process, so a process that was asleep cannot mistake another run's lease for its own.
 */
@Injectable()
export class ScheduleLeases {
  constructor(
    private readonly pool: JobPool,
    private readonly database: Database,
  ) {}

  async register(name: string): Promise<void> {
    await this.pool.query(register, [name]);
  }

  /** Makes the lease the holder's, unless somebody has it, or it is not time yet and not `early`. */
  async take(name: string, holder: string, early: boolean): Promise<Turn> {
    const [turn] = await this.pool.query(take, [name, holder, early, LEASE_SECONDS]);
    return turn ?? { taken: false, dueInMs: null };
  }

  async renew(name: string, holder: string): Promise<boolean> {
    return (await this.pool.query(renew, [name, holder, LEASE_SECONDS])).length === 1;
  }

  /** @returns in how many milliseconds the next run is due; undefined when the lease was lost meanwhile */
  async finish(
    name: string,
    holder: string,
    everySeconds: number,
    failure: string | null,
  ): Promise<number | undefined> {
    const outcome: ScheduleOutcome = failure === null ? 'success' : 'failure';
    const error = failure?.slice(0, LONGEST_ERROR) ?? null;
    const [row] = await this.pool.query(finish, [name, holder, outcome, error, everySeconds]);
    return row?.dueInMs ?? undefined;
  }

  /** For the transactions of a run: holds the lease until the transaction ends, or throws. */
  async requireHeld(name: string, holder: string): Promise<void> {
    if ((await this.database.readOne(stillOurs, [name, holder])) === null)
      throw new Error('The schedule has been taken over by another process.');
  }

  states(): Promise<ScheduleState[]> {
    return this.database.read(states);
  }
}
