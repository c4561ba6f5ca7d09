import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import type { EmbeddedPostgresLog } from './embedded-postgres.log.js';
import { overwrite, readIfPresent } from './file-system.js';
import { commandOf, isAlive } from './processes.js';
import type { ServerAccount } from './server-account.js';
import type { ServerBinaries } from './server-binaries.js';

/** Above the largest process id of any Linux (2^22) and of macOS (99998). */
const IMPOSSIBLE_PID = '4194305';

/** How a server is told to end: `INT` disconnects everybody and writes a checkpoint, `QUIT` leaves that to the next start. */
export type StopSignal = 'INT' | 'QUIT';

/** What the file `postmaster.pid` of a cluster says. Lines 1 and 8 of the format in PostgreSQL's pidfile.h. */
export async function readPostmaster(cluster: string): Promise<{ pid: number; isReady: boolean } | null> {
  const lines = (await readIfPresent(join(cluster, 'postmaster.pid')))?.split('\n');
  const pid = Number(lines?.[0]);
  return lines && Number.isInteger(pid) && pid > 0 ? { pid, isReady: lines[7]?.trim() === 'ready' } : null;
}

export async function signalServer(
  pid: number,
  signal: StopSignal,
  account: ServerAccount,
  binaries: ServerBinaries,
): Promise<void> {
  // Windows has no signals; PostgreSQL brings its own there.
  if (process.platform === 'win32') await run(binaries.pgCtl, ['kill', signal, String(pid)], account);
  else process.kill(pid, `SIG${signal}`);
}

/**
 * Ends the server that a killed process left behind, as far as it can be seen from here, and waits until it is gone.
 * (On Linux it is already on its way out.) Only the owner of the cluster's lock may call this.
 */
export async function endLeftOver(
  cluster: string,
  account: ServerAccount,
  binaries: ServerBinaries,
  log: EmbeddedPostgresLog,
): Promise<void> {
  const found = await readPostmaster(cluster);
  if (found === null) return;
  const { pid } = found;
  if (!isAlive(pid) || !(await runsCluster(pid, cluster))) return;
  log.warn(`A database server of an earlier run is still there (process ${pid}); waiting for it to end.`);
  for (const [signal, seconds] of [
    ['INT', 30],
    ['QUIT', 10],
  ] as const) {
    await signalServer(pid, signal, account, binaries).catch(() => undefined);
    if (await isGone(pid, seconds)) return;
  }
  throw new EmbeddedPostgresError(
    `The database server of an earlier run (process ${pid}) does not end. End it and start again.`,
  );
}

async function runsCluster(pid: number, cluster: string): Promise<boolean> {
  const command = await commandOf(pid);
  // On Linux nothing but a process of the kernel has none. Elsewhere unknown counts as ours: waiting for somebody
  // else's process is better than a second server beside a living one.
  if (!command) return process.platform !== 'linux' && isAlive(pid);
  // The server does not change its own title, so its command line names the directory it was started with.
  return command.includes(process.platform === 'win32' ? 'postgres' : cluster);
}

/**
 * Another process may have the number by now (after a restart of the machine), or a zombie keeps it; the server would
 * take either for a running server and refuse to start. So the file gets a number that no process can have. The file
 * itself stays: the server finds in it the shared memory by which it notices backends that still run. Only for the
 * holder of a `ServerLock` that is alone: the number may be that of a living server in another container.
 */
export async function disownPid(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const text = await readIfPresent(path);
  // A server that was just ending took the file along.
  if (text === null) return;
  await overwrite(path, text.replace(/^\d+/, IMPOSSIBLE_PID));
}

/** Waits up to so many seconds. */
export async function isGone(pid: number, seconds: number): Promise<boolean> {
  for (const deadline = performance.now() + seconds * 1000; isAlive(pid); await sleep(20)) {
    if (performance.now() > deadline) return false;
  }
  return true;
}
