import pg from 'pg';
import { connectionSettings } from './pool.js';

/**
 * A connection of the role that owns the tables, for the few things that the run-time role must not be able to do. Its
 * statements may take long.
 */
export async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...connectionSettings(ownerUrl, 'reeve owner'),
    statement_timeout: 0,
    query_timeout: 0,
  });
  // A connection that breaks fails the query that is under way.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
