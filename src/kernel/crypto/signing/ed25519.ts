import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../secret.js';

/** An Ed25519 key pair (RFC 8032) that signs whatever text it is given. */
export interface Ed25519Key {
  /** SHA-256 of the public key, hexadecimal. */
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

/** What comes before the 32 bytes of a public key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_KEY_BYTES = 32;

export async function generateEd25519Key(): Promise<Ed25519Key> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  return keyOf(privateKey);
}

/** The private half as PKCS #8 PEM, to be stored encrypted. */
export function exportEd25519Key(key: Ed25519Key): Secret {
  return new Secret(key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Reads what `exportEd25519Key` wrote. @throws when it is not an Ed25519 private key. */
export function importEd25519Key(pem: Secret): Ed25519Key {
  return keyOf(createPrivateKey(pem.reveal()));
}

/** @throws RangeError when these are not 32 bytes */
export function ed25519PublicKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== PUBLIC_KEY_BYTES) throw new RangeError('An Ed25519 public key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
}

export function ed25519KeyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

/** 64 bytes. */
export function signEd25519(text: string, key: Ed25519Key): Buffer {
  return sign(null, Buffer.from(text, 'utf8'), key.privateKey);
}

export function verifiesEd25519(text: string, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(text, 'utf8'), publicKey, signature);
}

function keyOf(privateKey: KeyObject): Ed25519Key {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('This is no Ed25519 key');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = Buffer.from(x, 'base64url');
  return { id: ed25519KeyId(publicKey), publicKey, privateKey };
}
