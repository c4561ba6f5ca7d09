import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Entropy } from '../runtime/entropy.js';
import { toBase62, uint32ToBase62 } from './base62.js';

/**
 * What a token opens, written in the token itself: user API key, service key, refresh, delegation, phantom, invitation,
 * password reset, address verification, half-finished login, the set-up of a fresh install, and a device that waits to be
 * paired.
 */
export const TOKEN_KINDS = [
  'usr',
  'svc',
  'ref',
  'dlg',
  'phm',
  'inv',
  'rst',
  'vfy',
  'mfa',
  'stp',
  'dev',
] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Bytes of randomness in a token: nothing is gained by guessing, so its stored hash needs no salt and no cost. */
export const TOKEN_BYTES = 32;

const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN_LENGTH = 'rv_xxx_'.length + RANDOM_LENGTH + 1 + CHECKSUM_LENGTH;
const SHAPE = new RegExp(
  `^rv_(${TOKEN_KINDS.join('|')})_[0-9A-Za-z]{${RANDOM_LENGTH}}_[0-9A-Za-z]{${CHECKSUM_LENGTH}}$`,
);

/** A new token of 256 random bits: `rv_<kind>_<43 base 62 characters>_<6-character checksum>`, 57 characters. */
export function mintToken(kind: TokenKind, entropy: Entropy): string {
  return tokenFromBytes(kind, entropy.bytes(TOKEN_BYTES));
}

/** The token of exactly these 32 bytes, for tokens that are derived rather than drawn. */
export function tokenFromBytes(kind: TokenKind, bytes: Uint8Array): string {
  if (bytes.length !== TOKEN_BYTES) throw new RangeError(`A token is made of ${TOKEN_BYTES} bytes`);
  const body = `rv_${kind}_${toBase62(bytes, RANDOM_LENGTH)}`;
  return `${body}_${checksum(body)}`;
}

/**
 * The kind of a well-formed token whose checksum is right; null for everything else, without hashing and at a cost that
 * does not grow with the text. It proves the spelling only: whether the token exists is for its owner to say.
 */
export function readToken(text: string): { readonly kind: TokenKind } | null {
  if (text.length !== TOKEN_LENGTH) return null;
  const kind = SHAPE.exec(text)?.[1] as TokenKind | undefined;
  if (kind === undefined) return null;
  const end = TOKEN_LENGTH - CHECKSUM_LENGTH;
  return checksum(text.slice(0, end - 1)) === text.slice(end) ? { kind } : null;
}

/** What is stored in place of a token: SHA-256 of its text in 64 lower-case hexadecimal digits. */
export function hashToken(text: string): string {
  return hash('sha256', text, 'hex');
}

/** The part of a token that may be shown and logged: its first 16 characters. 203 unknown bits remain. */
export function keyPrefix(text: string): string {
  return text.slice(0, 16);
}

/** CRC-32 over kind and randomness in base 62, so that a secret scanner, like our own door, can tell a token from a look-alike. */
function checksum(body: string): string {
  return uint32ToBase62(crc32(body));
}
