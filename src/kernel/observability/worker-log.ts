import { type LogFunctionFactory, Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from './logger.js';

type WorkerScope = { label?: string; workerId?: string; taskIdentifier?: string; jobId?: string };

/**
 * graphile-worker's logger. It reports each finished job as news, which at thousands of jobs a second is none, so its
 * `info` is our `debug`. Of what it passes along only the error is kept: the rest contains whole jobs with payloads.
 */
export function workerLog(log: Logger): WorkerLogger {
  const factory: LogFunctionFactory =
    ({ taskIdentifier, jobId }: WorkerScope) =>
    (level: string, message, meta) => {
      const fields = { context: 'Jobs', taskIdentifier, jobId, err: meta?.error };
      if (level === 'error') log.error(fields, message);
      else if (level === 'warning') log.warn(fields, message);
      else log.debug(fields, message);
    };
  return new WorkerLogger(factory);
}
