import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/kernel/database/embedded/index.js';
import { migrateDatabase } from '../../src/kernel/database/migrator.js';
import { asSuperuser, limitConnections, type TestServer, withDatabase } from './postgres.js';

export interface StartedTestServer {
  readonly server: TestServer;
  readonly stop: () => Promise<void>;
}

type Roles = Omit<TestServer, 'template'>;

/** A server with a migrated template: the given one (superuser's URL, any PostgreSQL from 15 on) or one of our own. */
export async function startTestServer(superuserUrl: string | undefined): Promise<StartedTestServer> {
  const { roles, stop } = superuserUrl
    ? { roles: await rolesOn(superuserUrl), stop: () => Promise.resolve() }
    : await startThrowAway();
  try {
    const template = `reeve_test_${randomBytes(4).toString('hex')}_template`;
    await makeTemplate(roles, template);
    const dropAll = () => dropDatabases(roles, template.replace('_template', ''));
    return { server: { ...roles, template }, stop: superuserUrl ? dropAll : stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Durability costs two thirds of the time, and nobody will miss this data. */
const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DIRECTORY_PREFIX = 'reeve-postgres-';

async function startThrowAway(): Promise<{ roles: Roles; stop: () => Promise<void> }> {
  await removeLeftOvers();
  const directory = await mkdtemp(join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
  // As root the server runs as another user, which has to pass through.
  await chmod(directory, 0o711);
  const remove = () => rm(directory, { recursive: true, force: true });
  const say = (message: string) => process.stderr.write(`${message}\n`);
  try {
    const started = await startEmbeddedPostgres({
      dataDir: directory,
      log: { info: () => undefined, warn: say, error: say },
      settings: { ...FORGETFUL, max_connections: '500' },
    });
    const { superuserUrl, ownerUrl, runtimeUrl } = started;
    await makeLoginsCheap([superuserUrl, ownerUrl, runtimeUrl]);
    return { roles: { superuserUrl, ownerUrl, runtimeUrl }, stop: () => started.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Tests connect thousands of times, and deriving the keys of SCRAM is a third of what that costs both sides. The
 * passwords are random, so that nobody guesses them whatever a guess costs.
 */
async function makeLoginsCheap(urls: readonly string[]): Promise<void> {
  await asSuperuser({ superuserUrl: urls[0] }, async (client) => {
    await client.query('SET scram_iterations = 1');
    for (const { username, password } of urls.map((url) => new URL(url)))
      await client.query(
        `ALTER ROLE ${client.escapeIdentifier(username)} PASSWORD ${client.escapeLiteral(password)}`,
      );
  });
}

/** A killed run takes its server with it, but leaves the files. */
async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.slice(DIRECTORY_PREFIX.length).split('-')[0]);
    if (!name.startsWith(DIRECTORY_PREFIX) || !pid || isRunning(pid)) continue;
    // Somebody else's cannot be removed, and need not be.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The roles on a server that is not ours. Passwords follow from its URL, so that runs side by side agree on them. */
async function rolesOn(superuserUrl: string): Promise<Roles> {
  const urlOf = async (client: Client, role: string): Promise<string> => {
    const password = createHash('sha256').update(`${superuserUrl} ${role}`).digest('hex');
    // Two runs that start together may meet here; a role that is there is as good as one that was made.
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`).catch(() => undefined);
    const isOurs = await canLogIn(superuserUrl, role, password);
    if (!isOurs) await client.query(`ALTER ROLE ${role} LOGIN PASSWORD '${password}'`);
    return withLogin(superuserUrl, role, password);
  };
  return asSuperuser({ superuserUrl }, async (client) => ({
    superuserUrl,
    ownerUrl: await urlOf(client, 'reeve_owner'),
    runtimeUrl: await urlOf(client, 'reeve_app'),
  }));
}

function canLogIn(superuserUrl: string, role: string, password: string): Promise<boolean> {
  const url = withLogin(superuserUrl, role, password);
  return asSuperuser({ superuserUrl: url }, () => Promise.resolve(true)).catch(() => false);
}

function withLogin(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}

async function makeTemplate(roles: Roles, template: string): Promise<void> {
  await asSuperuser(roles, async (client) => {
    await client.query(`CREATE DATABASE ${template} OWNER ${new URL(roles.ownerUrl).username}`);
    await limitConnections(client, template, roles);
  });
  await migrateDatabase({
    ownerUrl: withDatabase(roles.ownerUrl, template),
    runtimeUrl: withDatabase(roles.runtimeUrl, template),
  });
  // A database with a connection cannot be copied.
  await asSuperuser(roles, (client) =>
    client.query(`ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false`),
  );
}

async function dropDatabases(roles: Roles, prefix: string): Promise<void> {
  await asSuperuser(roles, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`${prefix}_`],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  });
}
