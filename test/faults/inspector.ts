import { randomBytes } from 'node:crypto';
import pg from 'pg';
import {
  asSuperuser,
  limitConnections,
  type TestDatabase,
  testServer,
  withDatabase,
} from '../support/postgres.js';

/** Looks into the database of a fleet behind its back, and moves what is stored there. */
export class Inspector {
  private constructor(private readonly pool: pg.Pool) {}

  /** @param superuserUrl the server's superuser, for a database that is not on the server of this test run */
  static of(
    { runtimeUrl }: Pick<TestDatabase, 'runtimeUrl'>,
    superuserUrl = testServer().superuserUrl,
  ): Promise<Inspector> {
    const database = new URL(runtimeUrl).pathname.slice(1);
    const pool = new pg.Pool({ connectionString: withDatabase(superuserUrl, database), max: 4 });
    // The server may be restarted under us.
    pool.on('error', () => undefined);
    return Promise.resolve(new Inspector(pool));
  }

  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** The only value of the only row. */
  async value<Value>(text: string, values: unknown[] = []): Promise<Value> {
    const { rows } = await this.pool.query<{ value: Value }>({ text, values });
    return Object.values(rows[0])[0];
  }

  count(from: string, values: unknown[] = []): Promise<number> {
    return this.value<number>(`SELECT count(*)::integer FROM ${from}`, values);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** A database with its two roles and nothing else in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = testServer();
  const name = `${server.template.replace('_template', '')}_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, async (client) => {
    await client.query(`CREATE DATABASE ${name} OWNER ${new URL(server.ownerUrl).username}`);
    await limitConnections(client, name, server);
  });
  return {
    ownerUrl: withDatabase(server.ownerUrl, name),
    runtimeUrl: withDatabase(server.runtimeUrl, name),
    drop: () =>
      asSuperuser(server, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}
