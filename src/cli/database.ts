import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { destination } from 'pino';
import { findDatabase, type FoundDatabase } from '../boot/prepare-database.js';
import { createLogger } from '../kernel/observability/index.js';
import { type Configuration, loadConfiguration } from '../kernel/runtime/index.js';

/**
 * The database of the service: the configured one, the embedded one that a running service has started, or else the
 * embedded one started for as long as the command takes.
 */
export async function joinDatabase(configuration: Configuration): Promise<FoundDatabase> {
  return (
    (await runningEmbedded(configuration)) ??
    findDatabase(configuration, createLogger({ level: 'warn', stream: destination({ dest: 2, sync: true }) }))
  );
}

export async function connectedToDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const database = await joinDatabase(loadConfiguration());
  try {
    // Without the limits of a request: a look at the whole log may take its time.
    const client = new pg.Client({
      connectionString: database.runtimeUrl,
      application_name: 'reeve command',
    });
    // A connection that breaks fails the query that is under way.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  } finally {
    await database.stop();
  }
}

/** The files with the URLs are left behind when a service is killed, so they are tried. */
async function runningEmbedded({ databaseUrl, dataDir }: Configuration): Promise<FoundDatabase | null> {
  if (databaseUrl !== undefined) return null;
  try {
    const [runtimeUrl, ownerUrl] = await Promise.all(
      ['database.url', 'database.owner.url'].map(async (name) =>
        (await readFile(join(dataDir, name), 'utf8')).trim(),
      ),
    );
    const client = new pg.Client({ connectionString: runtimeUrl, connectionTimeoutMillis: 2_000 });
    await client.connect();
    await client.end();
    return { runtimeUrl, ownerUrl, stop: () => Promise.resolve() };
  } catch {
    return null;
  }
}
