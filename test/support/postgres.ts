import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The database server of this test run, as the global set-up describes it to the workers. */
export interface TestServer {
  readonly superuserUrl: string;
  /** Log in as the roles of production; the database in them is the template. */
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  /** A migrated database that nobody may connect to, only copy. */
  readonly template: string;
}

export const TEST_SERVER_VARIABLE = 'TEST_POSTGRES_SERVER';

export interface TestDatabase {
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  drop(): Promise<void>;
}

/** A migrated database of the test's own, with the two roles of production. Takes about 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = testServer();
  const name = `${server.template.replace('_template', '')}_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, async (client) => {
    await client.query(
      `CREATE DATABASE ${name} TEMPLATE ${server.template} OWNER ${userOf(server.ownerUrl)}`,
    );
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

/** Rights on a database are not copied with it. */
export async function limitConnections(
  client: Client,
  database: string,
  { runtimeUrl }: Pick<TestServer, 'runtimeUrl'>,
): Promise<void> {
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${userOf(runtimeUrl)}`);
}

/** A connection that may do everything, for setting the stage: cutting connections, reading what the roles cannot. */
export async function asSuperuser<T>(
  { superuserUrl }: Pick<TestServer, 'superuserUrl'>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function testServer(): TestServer {
  const text = process.env[TEST_SERVER_VARIABLE];
  if (!text) throw new Error('There is no database server: run the tests with Jest and its global set-up.');
  return JSON.parse(text) as TestServer;
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

const userOf = (url: string): string => new URL(url).username;
