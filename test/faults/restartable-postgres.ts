import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { locateCluster } from '../../src/kernel/database/embedded/cluster-location.js';
import { startEmbeddedPostgres } from '../../src/kernel/database/embedded/index.js';
import { readPostmaster } from '../../src/kernel/database/embedded/postmaster.js';
import { findServerBinaries } from '../../src/kernel/database/embedded/server-binaries.js';
import { ServerLock } from '../../src/kernel/database/embedded/server-lock.js';
import { ServerLog } from '../../src/kernel/database/embedded/server-log.js';
import { ServerProcess, type ServerPlan } from '../../src/kernel/database/embedded/server-process.js';
import { SERVER_SETTINGS } from '../../src/kernel/database/embedded/server-settings.js';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const BACK_WITHIN_MS = 30_000;

/** A durable PostgreSQL of the test's own that stays down until the test starts it again, on the same port. */
export class RestartablePostgres {
  private constructor(
    readonly ownerUrl: string,
    readonly runtimeUrl: string,
    readonly superuserUrl: string,
    private readonly directory: string,
    private readonly plan: ServerPlan,
    private server: ServerProcess,
  ) {}

  static async create(): Promise<RestartablePostgres> {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-restart-'));
    chmodSync(directory, 0o711);
    const { ownerUrl, runtimeUrl, superuserUrl, stop } = await makeCluster(directory);
    await stop();
    const { cluster, account } = await locateCluster(directory);
    const binaries = await findServerBinaries(account, dirname(cluster));
    const serverLock = await ServerLock.take(cluster, account, () => Promise.resolve());
    const serverLog = new ServerLog(cluster);
    const plan = { cluster, account, binaries, serverLog, settings: SERVER_SETTINGS, serverLock };
    const server = await ServerProcess.start(plan, Number(new URL(runtimeUrl).port));
    return new RestartablePostgres(ownerUrl, runtimeUrl, superuserUrl, directory, plan, server);
  }

  /** As an operator stops it: everybody is disconnected, what is committed is on disk. */
  async stopFast(): Promise<void> {
    await this.server.stop();
  }

  /** kill -9 of the postmaster; its children notice and end. */
  async kill(): Promise<void> {
    const postmaster = await readPostmaster(this.plan.cluster);
    if (postmaster === null) throw new Error('The server is not running.');
    process.kill(postmaster.pid, 'SIGKILL');
    await this.server.exited;
  }

  /** Resolves when it accepts connections; children of a killed postmaster may hold it up for a moment. */
  async start(): Promise<void> {
    const port = Number(new URL(this.runtimeUrl).port);
    for (const deadline = performance.now() + BACK_WITHIN_MS; ; await sleep(100)) {
      try {
        this.server = await ServerProcess.start(this.plan, port);
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await this.plan.serverLock.release();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function makeCluster(directory: string) {
  const made = await startEmbeddedPostgres({ dataDir: directory, log: SILENT });
  const { ownerUrl, runtimeUrl, superuserUrl } = made;
  return { ownerUrl, runtimeUrl, superuserUrl, stop: () => made.stop() };
}
