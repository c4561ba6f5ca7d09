import { createHash, timingSafeEqual } from 'node:crypto';
import type { Configuration } from '../runtime/configuration.js';

/**
 * Whether the metrics may be shown. With REEVE_METRICS_TOKEN they need it as a bearer token; without it they are open
 * on a developer's machine and shown to nobody in production.
 *
 * @param authorization the header of that name
 */
export function mayReadMetrics(
  configuration: Pick<Configuration, 'metricsToken' | 'isProduction'>,
  authorization: string | undefined,
): boolean {
  const { metricsToken, isProduction } = configuration;
  if (metricsToken === undefined) return !isProduction;
  const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  // Hashes have one length, whatever is shown, so the comparison tells nothing about the token's.
  return timingSafeEqual(sha256(shown), sha256(metricsToken.reveal()));
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
