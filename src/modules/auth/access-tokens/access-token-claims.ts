import { isUuid } from '../../../kernel/runtime/index.js';

/** RFC 9068 wants to know which client a token was issued to; there is one. */
export const CLIENT_ID = 'reeve';

/** The header that tells an access token from every other JWT (RFC 9068 §2.1). */
export const TOKEN_TYPE = 'at+jwt';

/**
 * The header of a token of somebody who acts as another user. A type of its own, so that whoever takes access tokens, here
 * or elsewhere, does not take it for one of the user's (RFC 8725 §3.11).
 */
export const ACTOR_TOKEN_TYPE = 'imp+jwt';

/** Seconds by which the clock of another of our processes may be ahead. */
const SKEW_SECONDS = 5;

/** What is used of a verified access token. */
export interface AccessTokenClaims {
  readonly sub: string;
  readonly sid: string;
  readonly tid: string;
  readonly jti: string;
  /** Seconds since 1970, like the other times. */
  readonly iat: number;
  readonly exp: number;
  readonly authTime: number;
  /** Who acts as `sub`, from `act`; null when nobody does. */
  readonly actorId: string | null;
}

/** The claims when all that we put into a token are there, of their types, and the token's time is now; otherwise null. */
export function readClaims(payload: unknown, nowMs: number): AccessTokenClaims | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const {
    sub,
    sid,
    tid,
    jti,
    iat,
    exp,
    auth_time: authTime,
    client_id: client,
    nbf,
    act,
  } = payload as Record<string, unknown>;
  if (client !== CLIENT_ID || !isId(sub) || !isId(sid) || !isId(tid) || !isId(jti)) return null;
  if (!isTime(iat) || !isTime(exp) || !isTime(authTime)) return null;
  if (nbf !== undefined && !(isTime(nbf) && isPast(nbf, nowMs))) return null;
  if (!isPast(iat, nowMs) || !isPast(authTime, nowMs) || exp <= iat || exp * 1000 <= nowMs) return null;
  return { sub, sid, tid, jti, iat, exp, authTime, actorId: actorIn(act) };
}

function actorIn(act: unknown): string | null {
  const { sub } = (act ?? {}) as { sub?: unknown };
  return isId(sub) ? sub : null;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isPast(seconds: number, nowMs: number): boolean {
  return (seconds - SKEW_SECONDS) * 1000 <= nowMs;
}
