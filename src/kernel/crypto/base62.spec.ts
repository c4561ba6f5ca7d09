import fc from 'fast-check';
import { toBase62, uint32ToBase62 } from './base62.js';

describe('base 62', () => {
  it('keeps every bit of 32 bytes in 43 characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = toBase62(bytes, 43);
        expect(text).toHaveLength(43);
        expect(valueOf(text)).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
      }),
    );
  });

  it('keeps every bit of a 32-bit number in 6 characters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
        expect(uint32ToBase62(value)).toMatch(/^[0-9A-Za-z]{6}$/);
        expect(valueOf(uint32ToBase62(value))).toBe(BigInt(value));
      }),
    );
  });

  it('refuses bytes that do not fit', () => {
    expect(() => toBase62(Buffer.alloc(33, 0xff), 43)).toThrow(RangeError);
  });
});

function valueOf(text: string): bigint {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...text].reduce((value, digit) => value * 62n + BigInt(alphabet.indexOf(digit)), 0n);
}
