import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { Entropy } from '../runtime/entropy.js';
import { hashToken, keyPrefix, mintToken, readToken, TOKEN_KINDS, tokenFromBytes } from './tokens.js';

const entropy = new Entropy();

describe('tokens', () => {
  it.each(TOKEN_KINDS)('mints a %s token that reads back as its kind', (kind) => {
    const token = mintToken(kind, entropy);

    expect(token).toMatch(new RegExp(`^rv_${kind}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`));
    expect(readToken(token)).toEqual({ kind });
  });

  it('never mints the same token twice', () => {
    const tokens = Array.from({ length: 10_000 }, () => mintToken('ref', entropy));

    expect(new Set(tokens).size).toBe(10_000);
  });

  it('makes one token of 32 bytes, and another of any other 32 bytes', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const same = Buffer.from(one).equals(Buffer.from(other));
        expect(tokenFromBytes('ref', one) === tokenFromBytes('ref', other)).toBe(same);
        expect(readToken(tokenFromBytes('ref', one))).toEqual({ kind: 'ref' });
      }),
    );
  });

  it.each([
    ['zeros', 0x00],
    ['ones', 0xff],
  ])('keeps its length for 32 bytes of %s', (_name, byte) => {
    expect(tokenFromBytes('usr', Buffer.alloc(32, byte))).toHaveLength(57);
  });

  it('keeps to the format it once had, so that stored hashes stay valid', () => {
    expect(tokenFromBytes('usr', Buffer.alloc(32))).toBe(`rv_usr_${'0'.repeat(43)}_4QRfvy`);
  });

  it('refuses bytes that are not 32', () => {
    expect(() => tokenFromBytes('usr', Buffer.alloc(31))).toThrow(RangeError);
  });

  it('refuses a token with any one character changed', () => {
    const token = mintToken('usr', entropy);
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ['0', 'z', '_', '-', ' ', 'ſ']) {
        if (token[at] === other) continue;
        expect(readToken(token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
      }
    }
  });

  it('refuses a token whose kind was exchanged', () => {
    const token = mintToken('usr', entropy);

    expect(readToken(token.replace('rv_usr_', 'rv_svc_'))).toBeNull();
  });

  it('refuses what is not a token', () => {
    const token = mintToken('usr', entropy);
    const garbage = [
      '',
      ' ',
      'rv_usr_',
      "' OR 1=1--",
      'x'.repeat(8192),
      '\0'.repeat(57),
      'a'.repeat(57),
      `${token} `,
      ` ${token}`,
      `${token}\n`,
      `${token}=`,
      token.toUpperCase(),
      token.slice(0, -1),
      Buffer.from(token, 'utf16le').toString('latin1'),
    ];

    expect(garbage.map(readToken)).toEqual(garbage.map(() => null));
  });

  it('refuses garbage of any length at a small cost', () => {
    const long = 'rv_usr_'.padEnd(1_000_000, 'A');
    const startedAt = performance.now();
    for (let round = 0; round < 10_000; round += 1) readToken(long);

    expect(performance.now() - startedAt).toBeLessThan(200);
  });

  it('stores SHA-256 in lower-case hexadecimal', () => {
    expect(hashToken('rv_usr_x')).toBe(createHash('sha256').update('rv_usr_x').digest('hex'));
  });

  it('shows sixteen characters, among them the kind', () => {
    expect(keyPrefix(mintToken('svc', entropy))).toMatch(/^rv_svc_[0-9A-Za-z]{9}$/);
  });
});
