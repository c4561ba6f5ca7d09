import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Entropy } from '../runtime/entropy.js';

/** The value was wrapped by a key that this ring does not hold. */
export class UnknownKey extends Error {
  constructor(readonly keyId: string) {
    super(`The key ring has no key ${keyId}; add the root secret it came from to the previous ones`);
    this.name = 'UnknownKey';
  }
}

/** The value was changed, cut, or is not where it was written. */
export class Tampered extends Error {
  constructor() {
    super('The encrypted value is damaged or does not belong here');
    this.name = 'Tampered';
  }
}

/** A key-encryption key and the name under which values refer to it. */
export interface EnvelopeKey {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/*
 * One value, as text: `e1.<key id>.<base64url of body>`, where the body is
 *
 *   nonce 12 | tag 16 | wrapped data key 32 || nonce 12 | tag 16 | ciphertext
 *
 * Both layers are AES-256-GCM with random 96-bit nonces. The key id stands in clear so that values still under an old
 * key can be found by prefix. The outer layer binds version and key id, the inner one the place of the value; so a
 * value can be wrapped again without knowing its place, and cannot be moved.
 */
const VERSION = 'e1';
const NONCE = 12;
const TAG = 16;
const DATA_KEY = 32;
const WRAPPED = NONCE + DATA_KEY + TAG;
const SHAPE = /^e1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

interface Parts {
  readonly keyId: string;
  readonly wrapped: Buffer;
  readonly sealed: Buffer;
}

/** The name of the key that wrapped the value. @throws Tampered when it is no such value. */
export function keyIdOf(value: string): string {
  return partsOf(value).keyId;
}

export function seal(
  plaintext: string | Uint8Array,
  associatedData: string,
  wrapping: EnvelopeKey,
  entropy: Entropy,
): string {
  const dataKey = entropy.bytes(DATA_KEY);
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
  const sealed = encrypt(dataKey, bytes, sealedFor(associatedData), entropy);
  return text(wrapping.id, wrap(dataKey, wrapping, entropy), sealed);
}

export function open(value: string, associatedData: string, ring: readonly EnvelopeKey[]): Buffer {
  const parts = partsOf(value);
  const dataKey = unwrap(parts, ring);
  return decrypt(dataKey, parts.sealed, sealedFor(associatedData));
}

export function rewrap(
  value: string,
  ring: readonly EnvelopeKey[],
  wrapping: EnvelopeKey,
  entropy: Entropy,
): string {
  const parts = partsOf(value);
  return text(wrapping.id, wrap(unwrap(parts, ring), wrapping, entropy), parts.sealed);
}

function wrap(dataKey: Buffer, wrapping: EnvelopeKey, entropy: Entropy): Buffer {
  return encrypt(wrapping.key, dataKey, wrappedBy(wrapping.id), entropy);
}

function unwrap(parts: Parts, ring: readonly EnvelopeKey[]): Buffer {
  const wrapping = ring.find((candidate) => candidate.id === parts.keyId);
  if (wrapping === undefined) throw new UnknownKey(parts.keyId);
  return decrypt(wrapping.key, parts.wrapped, wrappedBy(parts.keyId));
}

/** nonce | tag | ciphertext */
function encrypt(key: Buffer, plaintext: Uint8Array, associated: Buffer, entropy: Entropy): Buffer {
  const nonce = entropy.bytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(associated);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

function decrypt(key: Buffer, sealed: Buffer, associated: Buffer): Buffer {
  const nonce = sealed.subarray(0, NONCE);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
    .setAAD(associated)
    .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  const plaintext = decipher.update(sealed.subarray(NONCE + TAG));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    throw new Tampered();
  }
}

function partsOf(value: string): Parts {
  const [, keyId, encoded] = SHAPE.exec(value) ?? [];
  if (keyId === undefined || encoded === undefined) throw new Tampered();
  const body = Buffer.from(encoded, 'base64url');
  // Decoding forgives spare bits; one value has one spelling here.
  if (body.toString('base64url') !== encoded || body.length < WRAPPED + NONCE + TAG) throw new Tampered();
  return { keyId, wrapped: body.subarray(0, WRAPPED), sealed: body.subarray(WRAPPED) };
}

function text(keyId: string, wrapped: Buffer, sealed: Buffer): string {
  return `${VERSION}.${keyId}.${Buffer.concat([wrapped, sealed]).toString('base64url')}`;
}

function wrappedBy(keyId: string): Buffer {
  return Buffer.from(`reeve ${VERSION} data key ${keyId}`, 'utf8');
}

function sealedFor(associatedData: string): Buffer {
  return Buffer.from(`reeve ${VERSION} value ${associatedData}`, 'utf8');
}
