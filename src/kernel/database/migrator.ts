import { runMigrations as migrateWorkerSchema, Logger as WorkerLogger } from 'graphile-worker';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { beginEpochInNewCluster } from './cluster-epoch.js';
import { dataSourceOn, MIGRATIONS_TABLE } from './data-source.js';
import { isLockTimeout, isWorthRunningAgain } from './database-error.js';
import { connectionSettings } from './pool.js';
import { grantToRuntime } from './runtime-grants.js';
import { connectWhenReady } from './wait-for-database.js';

export interface MigrateOptions {
  /** Owner of the schema; may create and change tables. */
  readonly ownerUrl: string;
  /** The role the service runs as; may be the owner, and then nothing is granted. */
  readonly runtimeUrl: string;
  readonly log?: (line: string) => void;
}

const OLDEST_SERVER = 150_000;
/** Any number will do as long as nobody else in the database uses it: the bytes of "reeve". */
const MIGRATION_LOCK = '491327223397';
/** A migration of a large table takes its time. */
const LONGEST_STATEMENT_MS = 60 * 60_000;
/** Whoever waits for a table is waited for by everybody who comes after: better to step back and try again. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_ATTEMPTS = 30;
const LOCK_PAUSE_MS = 1_000;

/**
 * Brings the schema to this version. Any number of processes may call it at once: one works, the others wait and find
 * nothing left to do.
 *
 * @returns names of the migrations that ran now
 */
export async function migrateDatabase(options: MigrateOptions): Promise<{ applied: string[] }> {
  const log = options.log ?? (() => undefined);
  const lock = await connectWhenReady(options.ownerUrl, 'migration', log);
  try {
    await refuseOldServer(lock);
    // Set back before the wait: whoever is first may take longer than a statement usually may.
    await lock.query('SET statement_timeout = 0');
    await lock.query({
      text: 'SELECT pg_advisory_lock($1)',
      values: [MIGRATION_LOCK],
      query_timeout: LONGEST_STATEMENT_MS,
    } as pg.QueryConfig);
    return { applied: await migratePatiently(options, log) };
  } finally {
    // The lock goes with its connection.
    await lock.end().catch(() => undefined);
  }
}

/** Names of the migrations that this version has and the database has not. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const client = await connectWhenReady(url, 'check', () => undefined);
  try {
    const { rows: tables } = await client.query<{ exists: boolean }>(
      `SELECT to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS exists`,
    );
    const { rows } = tables[0].exists
      ? await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`)
      : { rows: [] };
    const applied = new Set(rows.map(({ name }) => name));
    return migrations.map(nameOf).filter((name) => !applied.has(name));
  } finally {
    await client.end();
  }
}

/** Each migration is a transaction, so what was done by an attempt that had to step back stays done. */
async function migratePatiently(options: MigrateOptions, log: (line: string) => void): Promise<string[]> {
  const applied: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await migrateAlone(options, (name) => {
        applied.push(name);
        log(`Migration ${name} applied`);
      });
      return applied;
    } catch (error) {
      const isInTheWay = isLockTimeout(error) || isWorthRunningAgain(error);
      if (!isInTheWay || attempt === LOCK_ATTEMPTS) throw error;
      log('The migration waits for tables that are in use');
      await pause(LOCK_PAUSE_MS);
    }
  }
}

async function migrateAlone(
  { ownerUrl, runtimeUrl }: MigrateOptions,
  onApplied: (name: string) => void,
): Promise<void> {
  const pool = ownerPool(ownerUrl);
  const dataSource = dataSourceOn(pool, { migrations });
  await dataSource.initialize();
  try {
    await refuseNewerSchema(pool);
    for (const { name } of await dataSource.runMigrations()) onApplied(name);
    await inTransaction(pool, beginEpochInNewCluster);
    await migrateWorkerSchema({ pgPool: pool, logger: quietWorkerLogger });
    await grantToRuntime(pool, ownerUrl, runtimeUrl);
  } finally {
    await dataSource.destroy();
  }
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function ownerPool(ownerUrl: string): pg.Pool {
  const pool = new pg.Pool({
    ...connectionSettings(ownerUrl, 'reeve migration'),
    statement_timeout: LONGEST_STATEMENT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    query_timeout: LONGEST_STATEMENT_MS,
    idle_in_transaction_session_timeout: 0,
    max: 2,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: string; text: string }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text`,
  );
  if (Number(rows[0].number) < OLDEST_SERVER)
    throw new Error(`PostgreSQL ${rows[0].text} is too old: this version needs PostgreSQL 15 or newer.`);
}

/** An older program on a newer schema would write rows that the newer one does not expect. */
async function refuseNewerSchema(pool: pg.Pool): Promise<void> {
  const { rows: tables } = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS exists`,
  );
  if (!tables[0].exists) return;
  const { rows } = await pool.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  const known = new Set(migrations.map((migration) => nameOf(migration)));
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(
      `The database has been migrated by a newer version (${unknown.join(', ')}). Start that version, or restore the backup made before.`,
    );
}

function nameOf(Migration: new () => MigrationInterface): string {
  return new Migration().name ?? Migration.name;
}

const quietWorkerLogger = new WorkerLogger(() => () => undefined);
