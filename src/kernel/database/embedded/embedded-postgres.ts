import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  APP_ROLE,
  createCluster,
  DATABASE_NAME,
  OWNER_ROLE,
  requireSameVersion,
  resetPasswords,
  SUPERUSER,
} from './cluster.js';
import { type ClusterLocation, locateCluster, nameCluster } from './cluster-location.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { EmbeddedPostgresLog } from './embedded-postgres.log.js';
import { writeDurably } from './file-system.js';
import { OwnerLock } from './owner-lock.js';
import { newPasswords, type Passwords, storedPasswords, storePasswords } from './passwords.js';
import { disownPid, endLeftOver } from './postmaster.js';
import { findServerBinaries, type ServerBinaries } from './server-binaries.js';
import { ServerLock } from './server-lock.js';
import { ServerLog } from './server-log.js';
import { type ServerExit, type ServerPlan, ServerProcess } from './server-process.js';
import { SERVER_SETTINGS } from './server-settings.js';

export interface EmbeddedPostgresOptions {
  /** Absolute. Created when missing. */
  readonly dataDir: string;
  readonly log: EmbeddedPostgresLog;
  /** PostgreSQL settings that replace ours. Tests trade durability for speed here. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The server ended although nobody asked it to; it is being started again. */
export type UnexpectedExit = ServerExit;

export interface EmbeddedPostgres {
  /** Logs in as the owner of the database and its schema: for migrations. */
  readonly ownerUrl: string;
  /** Logs in as the role of the running application: no DDL; rights on tables come with the migrations. */
  readonly runtimeUrl: string;
  /** Logs in as the server's administrator: for tests and maintenance, never for the application. */
  readonly superuserUrl: string;
  /** Fast shutdown; resolves when the server is gone. Calling it again waits for the same end. */
  stop(): Promise<void>;
  onExit(listener: (exit: UnexpectedExit) => void): void;
}

const LOG_CHECK_MS = 60_000;
const RESTART_DELAYS_MS = [250, 500, 1000, 2000, 5000];

/**
 * Starts the PostgreSQL that comes with the npm packages, on a free port of the loopback address, with its data in
 * `dataDir`; creates the database the first time. Afterwards `database.url` and `database.owner.url` in that
 * directory let other processes of the same user join.
 * @throws EmbeddedPostgresError with a message for the operator.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const location = await locateCluster(dataDir);
  const { cluster, account } = location;
  const ownerLock = await OwnerLock.take(cluster, dataDir);
  let serverLock: ServerLock | null = null;
  const unlock = async (): Promise<void> => {
    await serverLock?.release();
    await ownerLock.release();
  };
  try {
    const binaries = await findServerBinaries(account, dirname(cluster));
    if (location.exists) await requireSameVersion(cluster, binaries);
    serverLock = await ServerLock.take(cluster, account, () => endLeftOver(cluster, account, binaries, log));
    if (location.exists && serverLock.isAlone) await disownPid(cluster);
    const passwords = await prepareCluster(options, location, binaries);
    const serverLog = new ServerLog(cluster);
    const settings = { ...SERVER_SETTINGS, ...options.settings };
    const plan = { cluster, account, binaries, serverLog, settings, serverLock };
    const server = new RunningServer(plan, dataDir, log, unlock);
    await server.start(passwords);
    return server;
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function prepareCluster(
  { dataDir, log }: EmbeddedPostgresOptions,
  location: ClusterLocation,
  binaries: ServerBinaries,
): Promise<Passwords> {
  const { cluster, account } = location;
  const stored = await storedPasswords(dataDir);
  const passwords = stored ?? newPasswords();
  if (location.exists) {
    if (!stored) await resetPasswords(cluster, account, binaries, passwords);
  } else {
    log.info(`Creating the database in ${cluster}.`);
    await createCluster(cluster, account, binaries, passwords);
  }
  await nameCluster(location);
  // Last: passwords in the file are in force. A start that dies before this line sets new ones.
  if (!stored) await storePasswords(dataDir, passwords);
  return passwords;
}

class RunningServer implements EmbeddedPostgres {
  ownerUrl = '';
  runtimeUrl = '';
  superuserUrl = '';
  private port = 0;
  private process: ServerProcess | null = null;
  private stopping: Promise<void> | null = null;
  private readonly halt = new AbortController();
  private readonly listeners: ((exit: UnexpectedExit) => void)[] = [];
  private logCheck: NodeJS.Timeout | undefined;
  private restarting: Promise<void> = Promise.resolve();

  constructor(
    private readonly plan: ServerPlan,
    private readonly dataDir: string,
    private readonly log: EmbeddedPostgresLog,
    private readonly unlock: () => Promise<void>,
  ) {}

  async start(passwords: Passwords): Promise<void> {
    this.process = await this.startOnFreePort();
    const url = (role: string, password: string, database = DATABASE_NAME) =>
      `postgres://${role}:${password}@127.0.0.1:${this.port}/${database}`;
    this.ownerUrl = url(OWNER_ROLE, passwords.owner);
    this.runtimeUrl = url(APP_ROLE, passwords.app);
    this.superuserUrl = url(SUPERUSER, passwords.superuser, 'postgres');
    try {
      await writeDurably(this.urlFile, `${this.runtimeUrl}\n`, 0o600);
      await writeDurably(this.ownerUrlFile, `${this.ownerUrl}\n`, 0o600);
    } catch (error) {
      await this.process.stop();
      throw error;
    }
    this.superviseFrom(this.process);
    this.logCheck = setInterval(() => void this.plan.serverLog.limit().catch(() => undefined), LOG_CHECK_MS);
    this.logCheck.unref();
  }

  onExit(listener: (exit: UnexpectedExit) => void): void {
    this.listeners.push(listener);
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    this.halt.abort();
    clearInterval(this.logCheck);
    await this.restarting;
    await this.process?.stop();
    await rm(this.urlFile, { force: true });
    await rm(this.ownerUrlFile, { force: true });
    await this.unlock();
  }

  /** Between asking for a free port and using it somebody else may take it; then the next one will do. */
  private async startOnFreePort(): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt += 1) {
      this.port = await freePort();
      try {
        return await ServerProcess.start(this.plan, this.port);
      } catch (error) {
        const isTaken = error instanceof Error && error.message.includes('could not bind');
        if (!isTaken || attempt === 5) throw error;
      }
    }
  }

  private superviseFrom(process: ServerProcess): void {
    void process.exited.then((exit) => {
      if (this.stopping) return;
      this.process = null;
      this.restarting = this.restart(exit);
    });
  }

  /** On the same port, so that the connection pools find it again by themselves. Goes on until it works or stop(). */
  private async restart(exit: ServerExit): Promise<void> {
    const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
    this.log.error(
      `The embedded database ended unexpectedly (${how}); starting it again. See ${this.plan.serverLog.path}.`,
    );
    for (const listener of this.listeners) listener(exit);
    for (let attempt = 0; !this.stopping; attempt += 1) {
      const delay = RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)];
      await sleep(delay, undefined, { signal: this.halt.signal }).catch(() => undefined);
      if (this.stopping) return;
      try {
        this.process = await ServerProcess.start(this.plan, this.port);
        this.superviseFrom(this.process);
        this.log.info('The embedded database runs again.');
        return;
      } catch (error) {
        this.log.error(error instanceof EmbeddedPostgresError ? error.message : String(error));
      }
    }
  }

  private get urlFile(): string {
    return join(this.dataDir, 'database.url');
  }

  private get ownerUrlFile(): string {
    return join(this.dataDir, 'database.owner.url');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
