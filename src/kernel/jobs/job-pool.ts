import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { openPool, queryOn, type Statement } from '../database/index.js';
import { Configuration } from '../runtime/index.js';

export const JOBS_AT_ONCE = 5;
/** Fetching, finishing and listening; what handlers do with the database goes through the application's pool. */
const CONNECTIONS = JOBS_AT_ONCE + 1;

/**
 * Connections for the bookkeeping of jobs and schedules, so that a full application pool does not silence heartbeats,
 * and a full queue takes no connection from requests.
 */
@Injectable()
export class JobPool {
  private readonly log = new Logger('Jobs');
  private pool: pg.Pool | null = null;

  constructor(private readonly configuration: Configuration) {}

  /** Opened when first needed: a process that runs no jobs has none. */
  get connections(): pg.Pool {
    const url = this.configuration.databaseUrl?.reveal() ?? '';
    this.pool ??= openPool(url, 'reeve jobs', CONNECTIONS, this.log);
    return this.pool;
  }

  query<Row>({ name, text }: Statement<Row>, values: unknown[] = []): Promise<Row[]> {
    return queryOn<Row>(this.connections, { name, text, values });
  }

  async close(): Promise<void> {
    const { pool } = this;
    this.pool = null;
    await pool?.end();
  }
}
