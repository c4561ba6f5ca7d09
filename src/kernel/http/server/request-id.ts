import type { IncomingMessage } from 'node:http';
import type { Ids } from '../../runtime/index.js';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's own id when it can stand in headers, logs and audit entries as it is; otherwise a new one. */
export function requestIdOf(raw: IncomingMessage, ids: Ids): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : ids.next();
}
