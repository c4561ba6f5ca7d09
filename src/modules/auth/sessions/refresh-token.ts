import { createHmac } from 'node:crypto';
import { hashToken, type KeyRing, readToken, tokenFromBytes } from '../../../kernel/crypto/index.js';

const PURPOSE = 'refresh successor';
const LONGEST_LEGACY_TOKEN = 512;

/**
 * The token that follows the one presented. It is derived, not drawn, so that the same one can be given again to a
 * client whose answer was lost, though nothing but hashes is stored; without the server's key nobody can derive it.
 */
export function successorToken(presented: string, ring: KeyRing): string {
  return derivedWith(ring.derive(PURPOSE), presented);
}

/** The successor whose hash is stored, also when the server's key was changed since; null when no key of ours made it. */
export function successorWithHash(presented: string, refreshTokenHash: string, ring: KeyRing): string | null {
  const candidates = ring.deriveAll(PURPOSE).map((key) => derivedWith(key, presented));
  return candidates.find((token) => hashToken(token) === refreshTokenHash) ?? null;
}

/** Whether the text may be a refresh token, so that it is worth asking the database. */
export function isRefreshToken(text: string, acceptsLegacy: boolean): boolean {
  if (readToken(text)?.kind === 'ref') return true;
  return acceptsLegacy && !text.startsWith('rv_') && text.length <= LONGEST_LEGACY_TOKEN;
}

function derivedWith(key: Buffer, presented: string): string {
  return tokenFromBytes('ref', createHmac('sha256', key).update(presented).digest());
}
