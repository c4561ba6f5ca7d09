import type { Shutdown } from './shutdown.js';

/** After a fault nobody caught the process is not to be trusted: it ends what it holds within ten seconds. */
const CRASH_LIMIT_MS = 10_000;
const CRASH_PHASE_LIMIT_MS = 2_000;

/** The logger as far as the end of the process needs it; a Nest LoggerService is one. */
export interface EndLog {
  warn(message: string): void;
  fatal(error: Error): void;
}

/**
 * Ties the end of the process to its causes: SIGTERM and SIGINT stop in order and exit with 0, a second signal exits
 * at once, an uncaught error or rejection stops in a hurry and exits with 1. Returns what unties it again.
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
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!shutdown.isStopping) return end(signal);
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
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault);
  return () => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    process.off('uncaughtException', onFault).off('unhandledRejection', onFault);
  };
}
