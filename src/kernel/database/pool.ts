import { Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { Configuration } from '../runtime/index.js';
import { isConnectionFailure } from './database-error.js';

/** Also how long a caller waits for a free connection before it is told to come back. */
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Later than the server's own, so that it speaks only when the server is gone without a word. */
const QUERY_TIMEOUT_MS = 35_000;
/**
 * Nothing of ours thinks for long inside a transaction. One that does, because its process was put to sleep, holds rows
 * that others wait for: its schedule's lease, for instance.
 */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 20_000;

export interface PoolStats {
  /** Connections that somebody is using now. */
  readonly inUse: number;
  /** Connections that could be had at once, those not opened yet included. */
  readonly available: number;
  /** Callers waiting for one. */
  readonly waiting: number;
}

/** Settings of one connection; every connection of this service is opened with them. */
export function connectionSettings(url: string, applicationName: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** The connections to PostgreSQL that TypeORM and the prepared statements share. */
@Injectable()
export class DatabasePool {
  /** What TypeORM uses; everybody else goes through `Database`. */
  readonly connections: pg.Pool;
  private readonly log = new Logger('Database');
  private queries = 0;

  constructor(configuration: Configuration) {
    if (configuration.databaseUrl === undefined) throw new Error('The database URL is not known yet.');
    this.connections = openPool(
      configuration.databaseUrl.reveal(),
      'reeve',
      configuration.dbPoolSize,
      this.log,
    );
    this.connections.on('connect', (client) => this.count(client));
  }

  /** How many queries this process has sent through the pool, transaction brackets included. */
  get queriesIssued(): number {
    return this.queries;
  }

  poolStats(): PoolStats {
    const { totalCount, idleCount, waitingCount } = this.connections;
    const inUse = totalCount - idleCount;
    return { inUse, available: this.connections.options.max - inUse, waiting: waitingCount };
  }

  /** One query on whichever connection is free. */
  query<Row>(query: pg.QueryConfig): Promise<Row[]> {
    return queryOn<Row>(this.connections, query);
  }

  private count(client: pg.PoolClient): void {
    const send = client.query.bind(client) as (...query: unknown[]) => unknown;
    client.query = ((...query: unknown[]) => {
      this.queries += 1;
      return send(...query);
    }) as typeof client.query;
  }
}

/** A pool whose broken connections are replaced without anybody else noticing. */
export function openPool(url: string, applicationName: string, max: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({ ...connectionSettings(url, applicationName), max, idleTimeoutMillis: 30_000 });
  // A connection that breaks while nobody uses it is reported here; unheard, it would end the process.
  pool.on('error', (error) => log.warn(`A database connection was lost: ${error.message}`));
  pool.on('connect', (client) => {
    // While a connection is in use its errors come out of its queries; this listener only keeps them from being fatal.
    client.on('error', () => undefined);
    discardWhenStuck(client);
  });
  return pool;
}

/** Not every failed query spoils its connection, though pool.query() would throw each of them away. */
export function queryOn<Row>(pool: pg.Pool, query: pg.QueryConfig): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    pool.connect((failure, client, release) => {
      if (failure !== undefined || client === undefined)
        return reject(failure ?? new Error('Connection terminated'));
      client.query(query, (error: Error | null, result: pg.QueryResult) => {
        release(error !== null && isConnectionFailure(error) ? error : undefined);
        if (error) reject(error);
        else resolve(result.rows as Row[]);
      });
    });
  });
}

/** After a read timeout the answer may still come: the connection's next user would take it for its own. */
function discardWhenStuck(client: pg.PoolClient): void {
  const send = client.query.bind(client) as (...query: unknown[]) => unknown;
  client.query = ((...query: unknown[]) => {
    const answer = send(...query);
    if (answer instanceof Promise)
      answer.catch((error: unknown) => {
        if (error instanceof Error && error.message === 'Query read timeout')
          void (client as unknown as pg.Client).end();
      });
    return answer;
  }) as typeof client.query;
}
