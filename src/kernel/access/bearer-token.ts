const LONGEST_HEADER = 8 * 1024;
const BEARER = /^bearer +/i;

/**
 * The token of the one Authorization header (RFC 6750 §2.1), or null when there is none to speak of: no header, two of
 * them (intermediaries disagree about which one counts), another scheme, or more text than any token of ours has.
 */
export function bearerToken(rawHeaders: readonly string[]): string | null {
  const header = onlyAuthorization(rawHeaders);
  if (header === null || header.length > LONGEST_HEADER) return null;
  if (header.startsWith('Bearer ') && header.charCodeAt(7) !== 32) return header.slice(7) || null;
  const scheme = BEARER.exec(header);
  return scheme === null ? null : header.slice(scheme[0].length) || null;
}

/** Read from the raw list, because Node's header object keeps the first of two and says nothing about the second. */
function onlyAuthorization(rawHeaders: readonly string[]): string | null {
  let found: string | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].length !== 13 || rawHeaders[i].toLowerCase() !== 'authorization') continue;
    if (found !== null) return null;
    found = rawHeaders[i + 1];
  }
  return found;
}
