/** What is used of an access token of the former system. */
export interface LegacyClaims {
  /** A user's id or name. */
  readonly sub: string;
  /** Seconds since 1970; 0 when the token does not say. */
  readonly iat: number;
  readonly exp: number;
}

const LONGEST_SUBJECT = 64;
const SKEW_SECONDS = 5;

/**
 * The claims of a token that the former system gave out for access and whose time is now; otherwise null. A token with
 * a `sid` belongs to a session, which cannot be checked here, so it is none of those meant.
 */
export function readLegacyClaims(payload: unknown, nowMs: number): LegacyClaims | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { sub, iat = 0, exp, nbf = 0, sid, type = 'access' } = payload as Record<string, unknown>;
  if (sid !== undefined || type !== 'access') return null;
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT) return null;
  if (!isTime(exp) || !isTime(iat) || !isTime(nbf)) return null;
  if (exp * 1000 <= nowMs || (Math.max(iat, nbf) - SKEW_SECONDS) * 1000 > nowMs) return null;
  return { sub, iat, exp };
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
