import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, spawnAs } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { readPostmaster, signalServer, type StopSignal } from './postmaster.js';
import type { ServerAccount } from './server-account.js';
import type { ServerBinaries } from './server-binaries.js';
import type { ServerLock } from './server-lock.js';
import type { ServerLog } from './server-log.js';

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerPlan {
  readonly cluster: string;
  readonly account: ServerAccount;
  readonly binaries: ServerBinaries;
  readonly serverLog: ServerLog;
  readonly settings: Readonly<Record<string, string>>;
  readonly serverLock: ServerLock;
}

const READY_WITHIN_SECONDS = 60;

/** One run of the server. It ends with this process, whatever ends this process. */
export class ServerProcess {
  readonly exited: Promise<ServerExit>;
  private exit: ServerExit | null = null;
  private readonly pid: number;

  private constructor(
    private readonly child: ChildProcess,
    private readonly plan: ServerPlan,
  ) {
    this.pid = child.pid ?? 0;
    this.exited = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null) =>
        resolve((this.exit = { code, signal }));
      child.once('exit', ended).once('error', () => ended(null, null));
    });
  }

  /** Resolves when it accepts connections. */
  static async start(plan: ServerPlan, port: number): Promise<ServerProcess> {
    const options = Object.entries({ ...plan.settings, port: String(port) });
    const args = ['-D', plan.cluster, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const parentDeath = await parentDeathCommand(plan.account);
    const [program, ...all] = [...parentDeath, plan.binaries.postgres, ...args];
    const output = await plan.serverLog.open();
    let server: ServerProcess;
    try {
      const child = spawn(program, all, {
        ...spawnAs(plan.account),
        // The fourth is the cluster's lock, which lasts as long as anybody has it open.
        stdio: ['ignore', output.fd, output.fd, plan.serverLock.descriptor],
        // Its own session: Ctrl-C in the terminal ends the application, which then ends the server, in that order.
        detached: true,
      });
      server = new ServerProcess(child, plan);
    } finally {
      await output.close();
    }
    if (parentDeath.length === 0) server.watchParent();
    await server.ready();
    // From here on it does not keep this process alive.
    server.child.unref();
    return server;
  }

  /** Ends it (first politely) and waits until it is gone. */
  async stop(): Promise<void> {
    this.child.ref();
    for (const [signal, seconds] of [
      ['INT', 10],
      ['QUIT', 3],
    ] as const) {
      await this.signal(signal);
      const gone = new AbortController();
      const late = sleep(seconds * 1000, 'late', { signal: gone.signal }).catch(() => 'gone');
      if ((await Promise.race([this.exited, late])) !== 'late') return gone.abort();
    }
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async ready(): Promise<void> {
    for (
      const deadline = performance.now() + READY_WITHIN_SECONDS * 1000;
      this.exit === null;
      await sleep(5)
    ) {
      const postmaster = await readPostmaster(this.plan.cluster);
      if (postmaster?.isReady && (postmaster.pid === this.pid || process.platform === 'win32')) return;
      if (performance.now() > deadline) {
        await this.stop();
        break;
      }
    }
    const said = await this.plan.serverLog.tail(5).catch(() => '');
    throw new EmbeddedPostgresError(`The embedded database did not start. Its log ends with:\n${said}`);
  }

  private async signal(signal: StopSignal): Promise<void> {
    if (this.exit !== null) return;
    // Gone already: `exited` is about to resolve.
    await signalServer(this.pid, signal, this.plan.account, this.plan.binaries).catch(() => undefined);
  }

  /**
   * Where the system cannot signal the end of a parent: a shell that waits for the end of its input, which is a pipe
   * that this process holds, so it comes even with kill -9.
   */
  private watchParent(): void {
    if (process.platform === 'win32' || this.pid === 0) return;
    const watch = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(this.pid)], {
      ...spawnAs(this.plan.account),
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    watch.on('error', () => undefined);
    watch.stdin?.on('error', () => undefined);
    watch.unref();
    (watch.stdin as unknown as { unref(): void } | null)?.unref();
    void this.exited.then(() => watch.kill('SIGKILL'));
  }
}

/** The words before the server's command that make the kernel send it SIGINT when this process dies; none if it cannot. */
async function parentDeathCommand(account: ServerAccount): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const command = ['setpriv', '--pdeathsig', 'INT'];
  const { code } = await run(command[0], [...command.slice(1), '/bin/true'], account);
  return code === 0 ? command : [];
}
