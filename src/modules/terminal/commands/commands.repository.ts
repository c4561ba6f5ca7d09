import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, planned, statement } from '../../../kernel/database/index.js';
import { firstIdAt } from '../../../kernel/runtime/index.js';
import type { Reason } from '../decision/index.js';
import { type CommandStatus, CommandRequest, type Decision } from './command-request.entity.js';

const COLUMNS = columnsOf(CommandRequest);
const BY_ID = `SELECT ${COLUMNS} FROM command_requests WHERE tenant_id = $1 AND id = $2`;

const byId = statement<CommandRequest>('command_by_id', BY_ID);
const lock = statement<CommandRequest>('command_lock', `${BY_ID} FOR NO KEY UPDATE`);
const move = statement<CommandRequest>(
  'command_move',
  `UPDATE command_requests
      SET status = $4::varchar, decision = coalesce($5::varchar, decision),
          decided_at = CASE WHEN $5::varchar IS NULL THEN decided_at ELSE clock_timestamp() END,
          started_at = CASE WHEN $4::varchar = 'running' THEN clock_timestamp() ELSE started_at END,
          reasons = reasons || $6::text::jsonb
    WHERE tenant_id = $1 AND id = $2 AND status = ANY ($3) RETURNING ${COLUMNS}`,
);
const finish = statement<CommandRequest>(
  'command_finish',
  `UPDATE command_requests
      SET status = $3, exit_code = $4, signal = $5, output_sha256 = $6, output_bytes = $7, finished_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 AND mode = 'local' AND status IN ('evaluated', 'running') RETURNING ${COLUMNS}`,
);
/** Those that may still come to run; in one order, so that two who lock them do not wait for each other. */
const waiting = statement<CommandRequest>(
  'commands_waiting',
  `SELECT ${COLUMNS} FROM command_requests
    WHERE tenant_id = $1 AND status IN ('awaiting_confirmation', 'awaiting_approval', 'queued') AND id > $2
    ORDER BY id LIMIT $3`,
);
const waitingOf = statement<CommandRequest>(
  'commands_waiting_of',
  `SELECT ${COLUMNS} FROM command_requests
    WHERE (principal_id = $1 OR delegator_id = $1)
      AND status IN ('awaiting_confirmation', 'awaiting_approval', 'queued') ORDER BY id`,
);
const recorded = statement<CommandRequest>(
  'commands_recorded',
  `SELECT ${COLUMNS} FROM command_requests
    WHERE tenant_id = $1 AND id < $2 AND id >= $3 AND created_at >= $4 ORDER BY id DESC LIMIT $5`,
);

/** Clients ask their user at once, and servers run at once; after a day it would answer another question. */
const CONFIRM_WITHIN = `interval '24 hours'`;
const isLapsed = statement<{ isLapsed: boolean }>(
  'command_is_lapsed',
  `SELECT created_at + ${CONFIRM_WITHIN} <= clock_timestamp() AS "isLapsed" FROM command_requests WHERE tenant_id = $1 AND id = $2`,
);
/**
 * What nobody confirmed, and what was agreed to and not taken up for as long as one could agree to it. That is no decision:
 * what people agreed to stays agreed to, and what nobody decided about stays undecided.
 */
const lapse = statement<CommandRequest>(
  'commands_lapse',
  `UPDATE command_requests SET status = 'expired' WHERE id IN (
      SELECT c.id FROM command_requests c LEFT JOIN terminal_approvals a ON a.id = c.approval_id
       WHERE c.status IN ('awaiting_confirmation', 'queued')
         AND CASE WHEN a.id IS NULL THEN c.created_at + ${CONFIRM_WITHIN}
                  ELSE a.resolved_at + (a.expires_at - a.created_at) END <= clock_timestamp()
       ORDER BY c.id LIMIT $1 FOR NO KEY UPDATE OF c SKIP LOCKED)
    RETURNING ${COLUMNS}`,
);

/** What a list of commands shows; what is left out does not narrow it. */
export interface CommandFilter {
  readonly principalId?: string;
  readonly sessionId?: string;
  readonly status?: CommandStatus;
  readonly decision?: Decision;
  readonly mode?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Only what has a decision. */
  readonly isDecided?: boolean;
}

@Injectable()
export class CommandsRepository {
  constructor(private readonly database: Database) {}

  byId({ tenantId }: TenantScope, id: string): Promise<CommandRequest | null> {
    return this.database.readOne(byId, [tenantId, id]);
  }

  /** The row, held until the transaction ends. Whoever holds the approval as well has taken that first. */
  lock({ tenantId }: TenantScope, id: string): Promise<CommandRequest | null> {
    return this.database.writeOne(lock, [tenantId, id]);
  }

  /** Whether its client has had its time to say what the user wants, or the server its time to run it, by database time. */
  async isLapsed({ tenantId }: TenantScope, id: string): Promise<boolean> {
    return (await this.database.readOne(isLapsed, [tenantId, id]))?.isLapsed ?? true;
  }

  /** Ends those whose clients did not come back in time, and those that no server ran in time. */
  lapse(limit: number): Promise<CommandRequest[]> {
    return this.database.write(lapse, [limit]);
  }

  async add(command: CommandRequest): Promise<void> {
    await this.database.entities(CommandRequest).insert(command);
  }

  /** Null when it was in none of these states. A decision of null leaves the one there is; reasons are added. */
  move(
    { tenantId }: TenantScope,
    id: string,
    from: readonly CommandStatus[],
    to: CommandStatus,
    decision: Decision | null,
    reasons: readonly Reason[] = [],
  ): Promise<CommandRequest | null> {
    return this.database.writeOne(move, [tenantId, id, from, to, decision, JSON.stringify(reasons)]);
  }

  /** Null when it was not being run by a client. */
  finish({
    tenantId,
    id,
    status,
    exitCode,
    signal,
    outputSha256,
    outputBytes,
  }: Finished): Promise<CommandRequest | null> {
    return this.database.writeOne(finish, [
      tenantId,
      id,
      status,
      exitCode,
      signal,
      outputSha256,
      outputBytes,
    ]);
  }

  /** Of the tenant, oldest first, those after `afterId`. */
  waiting(tenantId: string, afterId: string, limit: number): Promise<CommandRequest[]> {
    return this.database.read(waiting, [tenantId, afterId, limit]);
  }

  /** Of a principal, and of the agents that act for them. */
  waitingOf(principalId: string): Promise<CommandRequest[]> {
    return this.database.read(waitingOf, [principalId]);
  }

  /** Newest first, those before `beforeId`, asked since then. */
  recorded(tenantId: string, beforeId: string, since: Date, limit: number): Promise<CommandRequest[]> {
    const firstId = firstIdAt(since.getTime() - ROOM_MS);
    return this.database.read(recorded, [tenantId, beforeId, firstId, since, limit]);
  }

  /** Newest first, those older than `beforeId`. */
  search(
    { tenantId }: TenantScope,
    filter: CommandFilter,
    beforeId: string | null,
    limit: number,
  ): Promise<CommandRequest[]> {
    const { where, values } = conditionsFor(tenantId, filter, beforeId);
    const text = `SELECT ${COLUMNS} FROM command_requests WHERE ${where} ORDER BY id DESC LIMIT ${limit}`;
    return this.database.read(planned<CommandRequest>(text), values);
  }

  /** Counts no further than `most`. */
  async countUpTo({ tenantId }: TenantScope, filter: CommandFilter, most: number): Promise<number> {
    const { where, values } = conditionsFor(tenantId, filter, null);
    const text = `SELECT count(*)::integer AS count FROM (SELECT 1 FROM command_requests WHERE ${where} LIMIT ${most}) AS counted`;
    return (await this.database.readOne(planned<{ count: number }>(text), values))?.count ?? 0;
  }
}

/** Ids are by time, so a bound on them lets an index stop early; they may run a little ahead of the clock. */
const ROOM_MS = 60_000;

interface Finished extends TenantScope {
  readonly id: string;
  readonly status: 'succeeded' | 'failed';
  readonly exitCode: number;
  readonly signal: string | null;
  readonly outputSha256: string | null;
  readonly outputBytes: number;
}

function conditionsFor(
  tenantId: string,
  filter: CommandFilter,
  beforeId: string | null,
): { where: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const conditions = ['tenant_id = $1'];
  const add = (sql: string, value: unknown): void => {
    if (value !== undefined && value !== null) conditions.push(`${sql} $${values.push(value)}`);
  };
  add('id <', beforeId);
  add('principal_id =', filter.principalId);
  add('session_id =', filter.sessionId);
  add('status =', filter.status);
  add('decision =', filter.decision);
  add('mode =', filter.mode);
  if (filter.since !== undefined) {
    add('created_at >=', filter.since);
    add('id >=', firstIdAt(filter.since.getTime() - ROOM_MS));
  }
  if (filter.until !== undefined) {
    add('created_at <', filter.until);
    add('id <', firstIdAt(filter.until.getTime() + ROOM_MS));
  }
  if (filter.isDecided === true) conditions.push('decision IS NOT NULL');
  return { where: conditions.join(' AND '), values };
}
