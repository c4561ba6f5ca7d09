import { depthOf, repeatedMember } from './json-members.js';

/** Characters of a whole token and of its encoded header; ours have some 600 and 120. */
export const MAX_TOKEN_LENGTH = 8192;
export const MAX_HEADER_LENGTH = 1024;

/** Nested arrays and objects in the claims; ours have two levels (`act`). */
const MAX_CLAIMS_DEPTH = 8;

const PART = /^[A-Za-z0-9_-]+$/;
const ALG = /^[A-Za-z][A-Za-z0-9]{1,15}$/;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'typ', 'kid']);

/** The header of a compact JWS as this service accepts it. Nothing in it is proven yet. */
export interface JwtHeader {
  readonly alg: string;
  readonly typ?: string;
  readonly kid?: string;
}

/**
 * Whether a compact JWS is spelled in the one way this service accepts. Asked before the signature, because verifiers
 * decode generously: blanks, padding and spare bits would give one token many spellings, and a member named twice would
 * mean one thing here and another elsewhere.
 *
 * Accepted are three parts of unpadded, canonical base64url (RFC 4648 3.5, 5) with a signature; a header of at most 1 KiB
 * with `alg` other than none, and `typ` and `kid` if present, and nothing else, which shuts out `crit`, `b64`, `zip`,
 * `jwk`, `jku`, `x5u`, `x5c` (RFC 8725 3.10); claims that are one JSON object; no member named twice in either; 8 KiB overall.
 * Which algorithms, keys and types count is for the verifier.
 */
export function isCanonicalJwt(token: string): boolean {
  return readJwtHeader(token) !== null;
}

/** The header of a token that `isCanonicalJwt` accepts, otherwise null: for picking the key before verifying. */
export function readJwtHeader(token: string): JwtHeader | null {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  const parts = token.split('.', 4);
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || !header || !claims || !signature) return null;
  if (header.length > MAX_HEADER_LENGTH || decodedPart(signature) === null) return null;
  if (objectIn(claims, MAX_CLAIMS_DEPTH) === null) return null;
  const members = objectIn(header, 1);
  return members !== null && isHeader(members) ? members : null;
}

function isHeader(members: object): members is JwtHeader {
  if (!Object.keys(members).every((name) => HEADER_MEMBERS.has(name))) return false;
  const { alg, typ, kid } = members as Record<string, unknown>;
  return (
    typeof alg === 'string' &&
    ALG.test(alg) &&
    alg.toLowerCase() !== 'none' &&
    (typ === undefined || (typeof typ === 'string' && typ.length <= 64)) &&
    (kid === undefined || (typeof kid === 'string' && KID.test(kid)))
  );
}

/** The JSON object in a part, unless it is another value, too deep, or ambiguous. */
function objectIn(part: string, maxDepth: number): object | null {
  const bytes = decodedPart(part);
  if (bytes === null) return null;
  try {
    const json = utf8.decode(bytes);
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return depthOf(json) <= maxDepth && repeatedMember(json) === null ? value : null;
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes of a part, unless it has characters or bits that another spelling of the same bytes would not have. */
function decodedPart(part: string): Buffer | null {
  if (!PART.test(part)) return null;
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : null;
}
