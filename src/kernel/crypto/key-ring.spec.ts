import { Entropy } from '../runtime/entropy.js';
import { Tampered, UnknownKey } from './envelope.js';
import { KeyRing } from './key-ring.js';
import { Secret } from './secret.js';

const old = new Secret('the first root secret, long enough.');
const current = new Secret('the second root secret, long enough');
const PLACE = 'one_time_tokens:0190:value';

describe('KeyRing', () => {
  const ring = ringOf(current);

  it('opens what it encrypted, in the place it was encrypted for', () => {
    expect(ring.decrypt(ring.encrypt('shown once ✓', PLACE), PLACE).toString('utf8')).toBe('shown once ✓');
  });

  it('opens empty and binary values', () => {
    const bytes = Buffer.from([0, 255, 1, 254]);

    expect(ring.decrypt(ring.encrypt(bytes, PLACE), PLACE)).toEqual(bytes);
    expect(ring.decrypt(ring.encrypt('', PLACE), PLACE)).toHaveLength(0);
  });

  it('encrypts the same value differently each time and shows nothing of it', () => {
    const values = [ring.encrypt('plain', PLACE), ring.encrypt('plain', PLACE)];

    expect(values[0]).not.toBe(values[1]);
    expect(Buffer.from(values[0].split('.')[2], 'base64url').includes('plain')).toBe(false);
  });

  it('does not open a value that was moved to another row', () => {
    const value = ring.encrypt('secret of 0190', PLACE);

    expect(() => ring.decrypt(value, 'one_time_tokens:0191:value')).toThrow(Tampered);
  });

  it('does not open a value in which any one character was changed', () => {
    const value = ring.encrypt('a secret', PLACE);
    const changed = Array.from(value, (character, at) =>
      value.slice(0, at).concat(character === 'A' ? 'B' : 'A', value.slice(at + 1)),
    );

    for (const other of changed) expect(() => ring.decrypt(other, PLACE)).toThrow(/damaged|has no key/);
  });

  it.each([
    '',
    'plain',
    'e1.',
    'e2.0000000000000000.AAAA',
    'e1.0000000000000000.AAAA',
    'e1.0000000000000000.A==',
  ])('calls %j tampered rather than fail otherwise', (value) => {
    expect(() => ring.decrypt(value, PLACE)).toThrow(Tampered);
    expect(() => ring.needsRewrap(value)).toThrow(Tampered);
  });

  it('does not mix the data key of one value with the ciphertext of another', () => {
    const [one, other] = [ring.encrypt('one', PLACE), ring.encrypt('other', PLACE)].map((value) =>
      Buffer.from(value.split('.')[2], 'base64url'),
    );
    const mixed = Buffer.concat([one.subarray(0, 60), other.subarray(60)]).toString('base64url');

    expect(() => ring.decrypt(`e1.${ring.keyIds[0]}.${mixed}`, PLACE)).toThrow(Tampered);
  });

  it('names the key it lacks', () => {
    const value = ringOf(old).encrypt('before', PLACE);

    expect(() => ring.decrypt(value, PLACE)).toThrow(UnknownKey);
    expect(() => ring.decrypt(value, PLACE)).toThrow(ringOf(old).keyIds[0]);
  });

  it('reads values of a previous root, and wraps them again so that it can be dropped', () => {
    const value = ringOf(old).encrypt('before', PLACE);
    const both = ringOf(current, old);

    expect(both.decrypt(value, PLACE).toString()).toBe('before');
    expect(both.needsRewrap(value)).toBe(true);
    const wrapped = both.rewrap(value);
    expect(both.needsRewrap(wrapped)).toBe(false);
    expect(ring.decrypt(wrapped, PLACE).toString()).toBe('before');
  });

  it('derives the same key for a purpose in every process, and another for every other purpose and root', () => {
    expect(ringOf(current).derive('refresh')).toEqual(ring.derive('refresh'));
    const keys = [
      ring.derive('refresh'),
      ring.derive('cursor'),
      ringOf(old).derive('refresh'),
      ring.mac('refresh', ''),
    ];

    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4);
    expect(keys.every((key) => key.length === 32)).toBe(true);
  });

  it('derives under all roots, current first', () => {
    expect(ringOf(current, old).deriveAll('refresh')).toEqual([
      ring.derive('refresh'),
      ringOf(old).derive('refresh'),
    ]);
  });

  it('verifies MACs of its roots, for their purpose and data only', () => {
    const both = ringOf(current, old);
    const mac = ringOf(old).mac('idempotency', 'body');

    expect(both.verifiesMac('idempotency', 'body', mac)).toBe(true);
    expect(both.verifiesMac('idempotency', 'other', mac)).toBe(false);
    expect(both.verifiesMac('cursor', 'body', mac)).toBe(false);
    expect(both.verifiesMac('idempotency', 'body', mac.subarray(1))).toBe(false);
    expect(ring.verifiesMac('idempotency', 'body', mac)).toBe(false);
  });

  it('refuses an empty root secret', () => {
    expect(() => ringOf(new Secret(''))).toThrow(RangeError);
  });
});

function ringOf(root: Secret, ...previous: Secret[]): KeyRing {
  return new KeyRing(root, previous, new Entropy());
}
