import type { Configuration } from '../../runtime/index.js';

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * What every answer carries. An API has nothing to show, so the policy forbids everything; answers are for their caller
 * alone and are not kept by anybody (RFC 9111). Built once, because it is set on every request.
 */
export function securityHeaders(configuration: Configuration): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-security-policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
  if (configuration.publicUrl.startsWith('https:')) {
    headers['strict-transport-security'] = `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`;
  }
  return Object.freeze(headers);
}
