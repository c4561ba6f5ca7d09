import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { isUuid } from '../../../kernel/runtime/index.js';
import {
  type CommandStatus,
  CommandRequest,
  type Decision,
  type StopCause,
} from '../commands/command-request.entity.js';
import type { Reason } from '../decision/index.js';
import type { RunEnd } from './driver.js';

const COLUMNS = columnsOf(CommandRequest);
/** How long a run may go without a sign of life of its process before nobody knows what became of it. */
export const LEASE_SECONDS = 30;
const LEASE_END = `clock_timestamp() + interval '${LEASE_SECONDS} seconds'`;
const OURS = `id = $1 AND status = 'running' AND executor_id = $2`;

const QUEUED = `command_requests WHERE mode = 'server' AND status = 'queued'`;
/** Who answers for a command: agents of one person have the place of one. */
const ASKER = 'coalesce(delegator_id, principal_id)';
/** From one asker to the next along the index, so that a long queue of one costs the others nothing. */
export const queued = statement<{ id: string }>(
  'runs_queued',
  `WITH RECURSIVE askers AS (
     (SELECT ${ASKER} AS asker FROM ${QUEUED} ORDER BY ${ASKER} LIMIT 1)
     UNION ALL
     SELECT (SELECT ${ASKER} FROM ${QUEUED} AND ${ASKER} > askers.asker ORDER BY ${ASKER} LIMIT 1)
       FROM askers WHERE askers.asker IS NOT NULL)
   SELECT waiting.id
     FROM askers
    CROSS JOIN LATERAL (SELECT count(*) AS number FROM unnest($2::uuid[]) AS holder WHERE holder = askers.asker) AS held
    CROSS JOIN LATERAL (SELECT id, row_number() OVER (ORDER BY id) AS turn FROM ${QUEUED} AND ${ASKER} = askers.asker
                         AND id <> ALL ($4::uuid[]) ORDER BY id LIMIT $1) AS waiting
    WHERE held.number + waiting.turn <= $3
    ORDER BY held.number + waiting.turn, waiting.id LIMIT $1`,
);
const lock = statement<CommandRequest>(
  'run_lock',
  `SELECT ${COLUMNS} FROM command_requests WHERE id = $1 AND mode = 'server' AND status = 'queued'
    FOR NO KEY UPDATE SKIP LOCKED`,
);
/** The one statement after which a command may run: of all who try, for ever, one gets a row. */
const begin = statement<CommandRequest>(
  'run_begin',
  `UPDATE command_requests
      SET status = 'running', executor_id = $2, lease_until = ${LEASE_END}, started_at = clock_timestamp(),
          decision = coalesce(decision, 'executed'), decided_at = coalesce(decided_at, clock_timestamp())
    WHERE id = $1 AND mode = 'server' AND status = 'queued' AND started_at IS NULL RETURNING ${COLUMNS}`,
);
const refuse = statement<CommandRequest>(
  'run_refuse',
  `UPDATE command_requests
      SET status = $3, decision = coalesce($4::varchar, decision),
          decided_at = CASE WHEN $4::varchar IS NULL THEN decided_at ELSE clock_timestamp() END, lease_until = NULL,
          started_at = NULL, reasons = reasons || $5::text::jsonb
    WHERE id = $1 AND mode = 'server' AND (status = 'queued' OR status = 'running' AND executor_id = $2)
    RETURNING ${COLUMNS}`,
);
const finish = statement<CommandRequest>(
  'run_finish',
  `UPDATE command_requests
      SET status = $3, exit_code = $4, signal = $5, output_sha256 = $6, output_bytes = $7, lease_until = NULL,
          finished_at = clock_timestamp(), reasons = reasons || $8::text::jsonb
    WHERE ${OURS} RETURNING ${COLUMNS}`,
);
const renew = statement<{ id: string; stopBecause: StopCause | null }>(
  'runs_renew',
  `UPDATE command_requests SET lease_until = ${LEASE_END}
    WHERE id = ANY ($1) AND status = 'running' AND executor_id = $2 RETURNING id, stop_because AS "stopBecause"`,
);
const stopCauses = statement<{ id: string; stopBecause: StopCause | null }>(
  'runs_stop_causes',
  `SELECT id, stop_because AS "stopBecause" FROM command_requests
    WHERE id = ANY ($1) AND status = 'running' AND executor_id = $2`,
);
const requestStop = statement<{ id: string }>(
  'run_request_stop',
  `UPDATE command_requests SET stop_because = coalesce(stop_because, 'requester')
    WHERE id = $1 AND mode = 'server' AND status = 'running' RETURNING id`,
);
const abandon = statement<CommandRequest>(
  'runs_abandon',
  `UPDATE command_requests
      SET status = 'unknown', lease_until = NULL, finished_at = clock_timestamp(), reasons = reasons || $1::text::jsonb
    WHERE id IN (SELECT id FROM command_requests
                  WHERE mode = 'server' AND status = 'running' AND lease_until < clock_timestamp()
                  ORDER BY id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING ${COLUMNS}`,
);
const over = statement<{ id: string }>(
  'runs_over',
  `SELECT id FROM command_requests WHERE id = ANY ($1) AND status <> 'running'`,
);

export interface Outcome extends RunEnd {
  readonly status: CommandStatus;
  readonly outputSha256: string;
  readonly outputBytes: number;
}

/** The rows of commands as those see them who run them. All times are the database's. */
@Injectable()
export class RunsRepository {
  constructor(private readonly database: Database) {}

  /**
   * What is next: of whoever has the fewest, then the oldest.
   *
   * @param holders who answers for each of those that the process runs
   * @param mostOfOne how many it runs for the same one
   * @param aside those that are passed over
   */
  async queued(
    limit: number,
    holders: readonly string[],
    mostOfOne: number,
    aside: readonly string[],
  ): Promise<string[]> {
    return (await this.database.read(queued, [limit, holders, mostOfOne, aside])).map(({ id }) => id);
  }

  /** Held until the transaction ends; null when it does not wait any more, or somebody else holds it. */
  lock(id: string): Promise<CommandRequest | null> {
    return this.database.writeOne(lock, [id]);
  }

  begin(id: string, executorId: string): Promise<CommandRequest | null> {
    return this.database.writeOne(begin, [id, executorId]);
  }

  refuse(
    id: string,
    executorId: string,
    status: CommandStatus,
    decision: Decision | null,
    reasons: readonly Reason[],
  ): Promise<CommandRequest | null> {
    const values = [id, executorId, status, decision, JSON.stringify(reasons)];
    return this.database.writeOne(refuse, values);
  }

  /** Null when it has been given up meanwhile. */
  finish(
    id: string,
    executorId: string,
    outcome: Outcome,
    reasons: readonly Reason[],
  ): Promise<CommandRequest | null> {
    const { status, exitCode, signal, outputSha256, outputBytes } = outcome;
    return this.database.writeOne(finish, [
      id,
      executorId,
      status,
      exitCode,
      signal,
      outputSha256,
      outputBytes,
      JSON.stringify(reasons),
    ]);
  }

  /** Those that are still ours, and whether somebody wants them to end. */
  renew(ids: readonly string[], executorId: string) {
    return this.database.writeAlone(renew, [ids, executorId]);
  }

  stopCauses(ids: readonly string[], executorId: string) {
    return this.database.read(stopCauses, [ids, executorId]);
  }

  /** Whether it runs. */
  async requestStop(id: string): Promise<boolean> {
    return (await this.database.writeOne(requestStop, [id])) !== null;
  }

  /** Gives up those of which nothing has been heard for too long. */
  abandon(reason: Reason, limit: number): Promise<CommandRequest[]> {
    return this.database.write(abandon, [JSON.stringify([reason]), limit]);
  }

  /** Of what claims to be an identifier of a command: whoever starts a process may write anything there. */
  async over(ids: readonly string[]): Promise<string[]> {
    return (await this.database.read(over, [ids.filter(isUuid)])).map(({ id }) => id);
  }
}
