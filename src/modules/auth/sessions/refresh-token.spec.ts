import { hashToken, KeyRing, mintToken, readToken, Secret } from '../../../kernel/crypto/index.js';
import { Entropy } from '../../../kernel/runtime/index.js';
import { isRefreshToken, successorToken, successorWithHash } from './refresh-token.js';

const entropy = new Entropy();
const secret = (letter: string) => new Secret(letter.repeat(40));

describe('The successor of a refresh token', () => {
  const presented = mintToken('ref', entropy);
  const ring = new KeyRing(secret('a'), [], entropy);

  it('is always the same, well formed, and another one under another key', () => {
    expect(successorToken(presented, ring)).toBe(successorToken(presented, ring));
    expect(readToken(successorToken(presented, ring))).toEqual({ kind: 'ref' });
    expect(successorToken(presented, new KeyRing(secret('b'), [], entropy))).not.toBe(
      successorToken(presented, ring),
    );
  });

  it('is found again after the key was changed', () => {
    const made = successorToken(presented, ring);
    const changed = new KeyRing(secret('b'), [secret('a')], entropy);
    expect(successorWithHash(presented, hashToken(made), changed)).toBe(made);
    expect(successorWithHash(presented, hashToken(made), new KeyRing(secret('c'), [], entropy))).toBeNull();
  });
});

describe('What may be a refresh token', () => {
  it('is of our shape, or of none of ours while the former system’s are accepted', () => {
    expect(isRefreshToken(mintToken('ref', entropy), false)).toBe(true);
    expect(isRefreshToken(mintToken('inv', entropy), true)).toBe(false);
    expect(isRefreshToken('a'.repeat(64), false)).toBe(false);
    expect(isRefreshToken('a'.repeat(64), true)).toBe(true);
    expect(isRefreshToken('a'.repeat(513), true)).toBe(false);
  });
});
