/** The PostgreSQL that is measured against: one of our own, as durable as in production, or BENCH_DATABASE_URL. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/**
 * @param {(path: string) => Promise<any>} fromBuild imports a module of the build
 * @returns {Promise<{ runtimeUrl: string, ownerUrl: string, postmaster: number | null, version: string, directory: string, stop(): Promise<void> }>}
 */
export async function startDatabase(fromBuild) {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  // As root the server runs as another user, which has to pass through.
  chmodSync(directory, 0o711);
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const external = process.env.BENCH_DATABASE_URL;
  try {
    if (external !== undefined) {
      const version = await durableVersion(external);
      return {
        runtimeUrl: external,
        ownerUrl: external,
        postmaster: null,
        version,
        directory,
        stop: async () => remove(),
      };
    }
    const { startEmbeddedPostgres } = await fromBuild('src/kernel/database/embedded/index.js');
    const dataDir = join(directory, 'database');
    const say = (line) => console.error(line);
    const server = await startEmbeddedPostgres({
      dataDir,
      log: { info: () => undefined, warn: say, error: say },
    });
    const { runtimeUrl, ownerUrl } = server;
    const stop = () => server.stop().then(remove);
    try {
      const version = await durableVersion(server.superuserUrl);
      return { runtimeUrl, ownerUrl, postmaster: postmasterOf(dataDir), version, directory, stop };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}

/** A login that waits for no disk would be measured faster than it is. */
async function durableVersion(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
         current_setting('synchronous_commit') AS synchronous`,
    );
    const [{ version, fsync, synchronous }] = rows;
    if (fsync !== 'on' || synchronous !== 'on')
      throw new Error('The database does not wait for the disk; turn fsync and synchronous_commit on.');
    return version;
  } finally {
    await client.end();
  }
}

function postmasterOf(dataDir) {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
