import { createHmac, hkdfSync } from 'node:crypto';
import type { Entropy } from '../runtime/entropy.js';
import { equalInConstantTime } from './constant-time.js';
import { type EnvelopeKey, keyIdOf, open, rewrap, seal } from './envelope.js';
import type { Secret } from './secret.js';

const SALT = 'reeve key ring v1';

interface Root {
  readonly material: Buffer;
  readonly envelopeKey: EnvelopeKey;
  /** Purposes are a handful of constants in code, so this stays small. */
  readonly derived: Map<string, Buffer>;
}

/**
 * All keys of the service, derived by HKDF-SHA-256 (RFC 5869) from one root secret, each for one purpose only. The
 * current root makes new things; the previous ones still read what they made, until it has been wrapped again.
 *
 * A purpose is a constant in code, such as `refresh-successor`, never something a client sent.
 */
export class KeyRing {
  private readonly roots: readonly [Root, ...Root[]];

  /** How long a root must be in production is for the configuration to say. @throws RangeError when one is empty. */
  constructor(
    current: Secret,
    previous: readonly Secret[],
    private readonly entropy: Entropy,
  ) {
    this.roots = [rootOf(current), ...previous.map(rootOf)];
  }

  /** The names of all keys that can still be read; the first one wraps what is encrypted now. */
  get keyIds(): string[] {
    return this.roots.map((root) => root.envelopeKey.id);
  }

  /** 32 bytes for this purpose under the current root; the same in every process that has the same root. */
  derive(purpose: string): Buffer {
    return derived(this.roots[0], `derive ${purpose}`);
  }

  /** The same under every root, current first: for finding again what an earlier root derived. */
  deriveAll(purpose: string): Buffer[] {
    return this.roots.map((root) => derived(root, `derive ${purpose}`));
  }

  /** HMAC-SHA-256 of the data under a key used for this purpose alone: 32 bytes. */
  mac(purpose: string, data: string | Uint8Array): Buffer {
    return macUnder(this.roots[0], purpose, data);
  }

  /** Whether `mac` made this under the current or an earlier root. */
  verifiesMac(purpose: string, data: string | Uint8Array, mac: Uint8Array): boolean {
    return this.roots.some((root) => equalInConstantTime(macUnder(root, purpose, data), mac));
  }

  /**
   * Encrypts under a data key of its own, which is wrapped by the ring's current key.
   *
   * @param associatedData where the value lives, for instance `idempotency:<row id>:response`. Needed again, letter by
   *   letter, to decrypt: a value moved to another row or column does not open there.
   */
  encrypt(plaintext: string | Uint8Array, associatedData: string): string {
    return seal(plaintext, associatedData, this.roots[0].envelopeKey, this.entropy);
  }

  /**
   * @throws UnknownKey when the ring has no key of that name, which a restored previous root would cure.
   * @throws Tampered when the value was changed, cut, or belongs somewhere else.
   */
  decrypt(value: string, associatedData: string): Buffer {
    return open(value, associatedData, this.envelopeKeys());
  }

  /** Whether an earlier root wrapped this, so that dropping that root would lose it. */
  needsRewrap(value: string): boolean {
    return keyIdOf(value) !== this.roots[0].envelopeKey.id;
  }

  /** The same ciphertext with its data key wrapped by the current root; no need to know the associated data. */
  rewrap(value: string): string {
    return rewrap(value, this.envelopeKeys(), this.roots[0].envelopeKey, this.entropy);
  }

  private envelopeKeys(): EnvelopeKey[] {
    return this.roots.map((root) => root.envelopeKey);
  }
}

function rootOf(secret: Secret): Root {
  const text = secret.reveal();
  if (text.length === 0) throw new RangeError('A root secret must not be empty');
  const material = Buffer.from(text, 'utf8');
  const id = expand(material, 'envelope key id', 8).toString('hex');
  return { material, envelopeKey: { id, key: expand(material, 'envelope key', 32) }, derived: new Map() };
}

function macUnder(root: Root, purpose: string, data: string | Uint8Array): Buffer {
  return createHmac('sha256', derived(root, `mac ${purpose}`))
    .update(data)
    .digest();
}

function derived(root: Root, info: string): Buffer {
  const known = root.derived.get(info);
  if (known !== undefined) return known;
  const key = expand(root.material, info, 32);
  root.derived.set(info, key);
  return key;
}

function expand(material: Buffer, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', material, SALT, info, length));
}
