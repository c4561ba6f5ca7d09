import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnAs } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { codeOf } from './file-system.js';
import type { ServerAccount } from './server-account.js';

/** A server whose process or container was killed needs a moment to end. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 50;

/**
 * The kernel's lock of a cluster (flock(2) on a file beside it). Process ids say nothing about another container on the
 * same volume; this lock does. The server inherits it, so it is free when this process and every process of the server
 * are gone, and not before.
 */
export class ServerLock {
  private constructor(
    private readonly file: FileHandle,
    /** False where the system has no flock(1): then process ids are all there is to go by. */
    private readonly isHeld: boolean,
  ) {}

  /**
   * @param endLeftOver called unless the lock is free at once, which says that there is no server
   * @throws EmbeddedPostgresError when another process still has it after a few seconds.
   */
  static async take(
    cluster: string,
    account: ServerAccount,
    endLeftOver: () => Promise<void>,
  ): Promise<ServerLock> {
    const path = `${cluster}.flock`;
    const file = await openOrCreate(path, account);
    try {
      if ((await tryLock(file)) === 'held') return new ServerLock(file, true);
      await endLeftOver();
      for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
        const outcome = await tryLock(file);
        if (outcome !== 'taken') return new ServerLock(file, outcome === 'held');
        if (performance.now() > deadline) throw heldElsewhere(cluster, path);
      }
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** For the server's process to inherit. */
  get descriptor(): number {
    return this.file.fd;
  }

  /** Whether no server of this cluster can be running anywhere. Only Linux has processes that cannot see each other. */
  get isAlone(): boolean {
    return this.isHeld || process.platform !== 'linux';
  }

  async release(): Promise<void> {
    await this.file.close();
  }
}

async function openOrCreate(path: string, account: ServerAccount): Promise<FileHandle> {
  try {
    const file = await open(path, 'wx', 0o600);
    // Where root runs somebody's server, that user must be able to start it as well.
    if (account !== null) await file.chown(account.uid, account.gid);
    return file;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  }
}

/** The lock belongs to the open file, not to the program that asks for it, so it stays when flock(1) has ended. */
function tryLock(file: FileHandle): Promise<'held' | 'taken' | 'unsupported'> {
  return new Promise((resolve) => {
    const child = spawn('flock', ['-n', '3'], {
      ...spawnAs(null),
      stdio: ['ignore', 'ignore', 'ignore', file.fd],
    });
    child.once('error', () => resolve('unsupported'));
    child.once('close', (code) => resolve(code === 0 ? 'held' : code === 1 ? 'taken' : 'unsupported'));
  });
}

function heldElsewhere(cluster: string, path: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Another process, probably in another container, runs the database in ${cluster}. ` +
      'One at a time may: end that one, give this one a REEVE_DATA_DIR of its own, or let both use one DATABASE_URL. ' +
      `(The system's lock on ${path} says so; deleting the file does not help.)`,
  );
}
