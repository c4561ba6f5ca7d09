import type { Shutdown } from './shutdown.js';

/** After a fault nobody caught the process is not to be trusted: it ends what it holds within ten seconds. */
const CRASH_LIMIT_MS = 10_000;
const CRASH_PHASE_LIMIT_MS = 2_000;

/** One Ctrl-C may come twice: from the terminal to the whole group, and once more from npm, which passes it on. */
const SAME_SIGNAL_MS = 1_000;
const PARENT_CHECK_MS = 500;
/** As early as can be: the parent may end while this process is still starting. */
const parentAtStart = process.ppid;

/** The logger as far as the end of the process needs it; a Nest LoggerService is one. */
export interface EndLog {
  warn(message: string): void;
  fatal(error: Error): void;
}

/**
 * Ties the end of the process to its causes: SIGTERM and SIGINT stop in order and exit with 0, a second signal (a second
 * or more after the first) exits at once, an uncaught error or rejection stops in a hurry and exits with 1. Run by npm,
 * it also stops in order when npm's shell ends: a shell does not pass the signals on that it is sent. Returns what
 * unties it again.
 */
export function endProcessThrough(
  shutdown: Shutdown,
  log: EndLog,
  exit: (code: number) => void = (code) => process.exit(code),
): () => void {
  let exitCode = 0;
  const end = (reason: string, phaseLimitMs?: number): void => {
    void shutdown.stop(reason, phaseLimitMs).finally(() => exit(exitCode));
  };
  let firstSignalAtMs = Infinity;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    firstSignalAtMs = Math.min(firstSignalAtMs, nowMs);
    if (!shutdown.isStopping) return end(signal);
    if (nowMs - firstSignalAtMs < SAME_SIGNAL_MS) return;
    log.warn(`Second signal (${signal}): exiting without waiting`);
    // What the shell reports for a process that a signal ended.
    exit(signal === 'SIGINT' ? 130 : 143);
  };
  const onFault = (fault: unknown): void => {
    log.fatal(fault instanceof Error ? fault : new Error(`Rejected with ${String(fault)}`));
    setTimeout(() => exit(1), CRASH_LIMIT_MS).unref();
    exitCode = 1;
    end('uncaught error', CRASH_PHASE_LIMIT_MS);
  };
  const parentCheck =
    process.env.npm_lifecycle_event === undefined ? undefined : watchParent(() => end('npm has ended'));
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault);
  return () => {
    clearInterval(parentCheck);
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    process.off('uncaughtException', onFault).off('unhandledRejection', onFault);
  };
}

function watchParent(ended: () => void): NodeJS.Timeout {
  const check = setInterval(() => {
    if (process.ppid === parentAtStart) return;
    clearInterval(check);
    ended();
  }, PARENT_CHECK_MS);
  return check.unref();
}
