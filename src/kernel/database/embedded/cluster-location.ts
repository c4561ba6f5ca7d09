import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { codeOf, exists, readIfPresent, writeDurably } from './file-system.js';
import { accountForNewCluster, accountOfCluster, isRoot, type ServerAccount } from './server-account.js';

/** Where root puts databases whose data directory the server's account cannot enter. */
const SYSTEM_HOME = '/var/lib/reeve';

export interface ClusterLocation {
  /** PostgreSQL's own directory (PGDATA). Its parent can be entered by the account. */
  readonly cluster: string;
  readonly account: ServerAccount;
  /** Whether a complete database is there. */
  readonly exists: boolean;
  /** The file of the data directory that names a cluster which lives elsewhere. */
  readonly pathFile: string;
  readonly isElsewhere: boolean;
}

/** Creates the data directory if need be and decides where its database lives and who runs it. */
export async function locateCluster(dataDir: string): Promise<ClusterLocation> {
  const home = await dataDirectory(dataDir);
  const pathFile = join(home, 'postgres.path');
  const own = join(home, 'postgres');

  const named = (await readIfPresent(pathFile))?.trim();
  if (named) return existingCluster(named, pathFile, true);
  if (await isComplete(own)) return existingCluster(own, pathFile, false);

  const account = accountForNewCluster();
  if (await canEnter(account, home)) {
    return { cluster: own, account, exists: false, pathFile, isElsewhere: false };
  }
  // Never loosen the permissions of somebody's directories: put the database where the account can go.
  const elsewhere = join(SYSTEM_HOME, createHash('sha256').update(home).digest('hex'));
  await createDirectory(SYSTEM_HOME, 0o755);
  if (!(await canEnter(account, SYSTEM_HOME))) {
    throw new EmbeddedPostgresError(
      `The embedded database cannot run as root: uid ${account?.uid} can enter neither ${home} nor ${SYSTEM_HOME}. ` +
        'Start as a normal user, choose another REEVE_DATA_DIR, or set DATABASE_URL.',
    );
  }
  // A start that was killed between making the cluster and naming it left a complete one here.
  if (await isComplete(elsewhere)) return existingCluster(elsewhere, pathFile, true);
  return { cluster: elsewhere, account, exists: false, pathFile, isElsewhere: true };
}

/** Leaves word in the data directory; done once the cluster is complete, so what it names is always there. */
export async function nameCluster({ cluster, pathFile, isElsewhere }: ClusterLocation): Promise<void> {
  if (isElsewhere && (await readIfPresent(pathFile)) === null) {
    await writeDurably(pathFile, `${cluster}\n`, 0o644);
  }
}

async function dataDirectory(dataDir: string): Promise<string> {
  try {
    // Root's own new directory may be passed through (not listed) by the server's account; all secrets in it are 0600.
    await createDirectory(dataDir, isRoot() ? 0o711 : 0o700);
    await access(dataDir, constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} cannot be used (${codeOf(error) ?? String(error)}). ` +
        'Choose a directory you may write with REEVE_DATA_DIR, or set DATABASE_URL.',
    );
  }
}

/** The mode is for a directory made here, whatever the umask; one that was there keeps its own. */
async function createDirectory(path: string, mode: number): Promise<void> {
  const created = await mkdir(path, { recursive: true, mode });
  if (created !== undefined) await chmod(path, mode);
}

async function existingCluster(
  cluster: string,
  pathFile: string,
  isElsewhere: boolean,
): Promise<ClusterLocation> {
  if (!(await isComplete(cluster))) {
    throw new EmbeddedPostgresError(
      `${pathFile} says that the database lives in ${cluster}, but there is none. ` +
        'Put it back, or delete that file to begin with an empty database.',
    );
  }
  const account = await accountOfCluster(cluster);
  if (!(await canEnter(account, dirname(cluster)))) {
    throw new EmbeddedPostgresError(
      `The database in ${cluster} is run as uid ${account?.uid}, which cannot enter ${dirname(cluster)} any more. ` +
        'Give it back the search permission (x) on that directory and its parents.',
    );
  }
  return { cluster, account, exists: true, pathFile, isElsewhere };
}

async function isComplete(cluster: string): Promise<boolean> {
  try {
    return await exists(join(cluster, 'PG_VERSION'));
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    throw new EmbeddedPostgresError(
      `The database in ${cluster} belongs to another user. It was probably started as root or by somebody else: ` +
        'start as that user, choose another REEVE_DATA_DIR, or set DATABASE_URL.',
    );
  }
}

/** Whether the account may enter the directory, which takes the search permission on every parent too. */
async function canEnter(account: ServerAccount, directory: string): Promise<boolean> {
  if (account === null) return true;
  // Asking the system as that user beats computing it from mode bits: access lists and squashed roots count as well.
  const { code } = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], account);
  return code === 0;
}
