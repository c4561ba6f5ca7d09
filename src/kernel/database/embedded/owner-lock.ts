import { randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { codeOf, readIfPresent, writeDurably } from './file-system.js';
import { birthOf, isAlive } from './processes.js';

interface Owner {
  readonly pid: number;
  /** See `birthOf`: tells the owner from a later process with the same id. */
  readonly birth: string;
}

/**
 * One process at a time runs the server of a cluster. The lock is a file beside the cluster that names that process;
 * a process that is gone owns nothing, so kill -9 leaves no lock to be cleared by hand.
 */
export class OwnerLock {
  private constructor(
    private readonly path: string,
    private readonly text: string,
  ) {}

  /** @throws EmbeddedPostgresError naming the process that has it and how to join. */
  static async take(cluster: string, dataDir: string): Promise<OwnerLock> {
    const path = `${cluster}.lock`;
    const me: Owner = { pid: process.pid, birth: await birthOf(process.pid) };
    const lock = new OwnerLock(path, JSON.stringify(me));

    // Three rounds: losing a race against another starter twice means that it is alive, and round three says so.
    for (let round = 1; ; round += 1) {
      if (await lock.create()) return lock;
      const found = await readIfPresent(path);
      if (found === null) continue;
      const owner = parseOwner(found);
      if (owner && (await isRunning(owner))) throw alreadyRunning(owner, dataDir, path);
      if (round > 3)
        throw new EmbeddedPostgresError(`The lock ${path} cannot be taken. Delete it and start again.`);
      await lock.removeStale(found);
    }
  }

  async release(): Promise<void> {
    if ((await readIfPresent(this.path)) === this.text) await rm(this.path, { force: true });
  }

  private async create(): Promise<boolean> {
    const draft = `${this.path}.${process.pid}-${randomBytes(4).toString('hex')}`;
    // Readable by all: a start by another user can then say who has it.
    await writeDurably(draft, this.text, 0o644);
    try {
      // Appears with its content or not at all, and only if there is none.
      await link(draft, this.path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Takes the dead owner's file away, unless another starter replaced it since it was read. */
  private async removeStale(text: string): Promise<void> {
    const aside = `${this.path}.stale-${process.pid}`;
    try {
      await rename(this.path, aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    if ((await readIfPresent(aside)) !== text) await link(aside, this.path).catch(() => undefined);
    await rm(aside, { force: true });
  }
}

function parseOwner(text: string): Owner | null {
  try {
    const { pid, birth } = JSON.parse(text) as Partial<Owner>;
    return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : null;
  } catch {
    return null;
  }
}

async function isRunning({ pid, birth }: Owner): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const now = await birthOf(pid);
  return birth === '' || now === '' || now === birth;
}

function alreadyRunning({ pid }: Owner, dataDir: string, path: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Process ${pid} already runs the database of ${dataDir}. A second process may join it: ` +
      `start it with DATABASE_URL set to the content of ${join(dataDir, 'database.url')}. ` +
      `(If process ${pid} is not Reeve, delete ${path}.)`,
  );
}
