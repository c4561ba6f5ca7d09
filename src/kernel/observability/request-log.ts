import type { Logger } from './logger.js';

const SLOW_MS = 1_000;

/** Whether `logRequestEnd` would write anything, for callers who prepare something for it. */
export function isWorthALine(log: Logger, status: number, durationMs: number): boolean {
  return status >= 500 || durationMs > SLOW_MS || log.isLevelEnabled('debug');
}

/**
 * One line per request, at a level nobody has switched on unless the request was slow or failed: a line costs more
 * than a cached request does. Takes the pattern of the route, not the address, which may carry what is nobody's business.
 *
 * @param route the pattern, such as `/api/v1/users/:id`
 * @param error what led to a status of 500 and above, when it is known
 */
export function logRequestEnd(
  log: Logger,
  method: string,
  route: string,
  status: number,
  durationMs: number,
  error?: unknown,
): void {
  if (status >= 500) return log.error(fieldsOf(method, route, status, durationMs, error), 'request failed');
  if (durationMs > SLOW_MS) return log.warn(fieldsOf(method, route, status, durationMs), 'request was slow');
  if (log.isLevelEnabled('debug')) log.debug(fieldsOf(method, route, status, durationMs), 'request');
}

function fieldsOf(method: string, route: string, status: number, durationMs: number, err?: unknown): object {
  return { method, route, status, durationMs: Math.round(durationMs * 10) / 10, err };
}
