import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionFailure } from './database-error.js';
import { connectionSettings } from './pool.js';

const LONGEST_WAIT_MS = 60_000;
const PAUSE_MS = 500;
const WORDS_EVERY_MS = 5_000;

/**
 * Connects, waiting up to a minute for a database that is still starting. What waiting does not cure, such as a wrong
 * password, is thrown at once.
 *
 * @returns an open connection, which the caller ends
 */
export async function connectWhenReady(
  url: string,
  purpose: string,
  log: (line: string) => void,
): Promise<pg.Client> {
  const beganMs = performance.now();
  let spokeMs = -Infinity;
  for (;;) {
    const client = new pg.Client(connectionSettings(url, `reeve ${purpose}`));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => undefined);
      const waitedMs = performance.now() - beganMs;
      if (!isConnectionFailure(error) || waitedMs > LONGEST_WAIT_MS) throw unreachable(url, error);
      if (waitedMs - spokeMs > WORDS_EVERY_MS) {
        spokeMs = waitedMs;
        log(`Waiting for the database at ${placeOf(url)}: ${messageOf(error)}`);
      }
      await pause(PAUSE_MS);
    }
  }
}

export async function waitForDatabase(url: string, log: (line: string) => void): Promise<void> {
  const client = await connectWhenReady(url, 'start', log);
  await client.end();
}

function unreachable(url: string, error: unknown): Error {
  return new Error(`The database at ${placeOf(url)} cannot be used: ${messageOf(error)}`, { cause: error });
}

/** Host, port and database of the URL; never its password. */
function placeOf(url: string): string {
  const client = new pg.Client({ connectionString: url });
  return `${client.host}:${client.port}/${client.database ?? ''}`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
