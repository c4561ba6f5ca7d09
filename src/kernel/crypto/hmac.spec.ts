import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { hmacSha256 } from './hmac.js';

it('is HMAC-SHA-256, whatever the key and the text', () => {
  const keys = fc.uint8Array({ maxLength: 100, size: 'max' });
  fc.assert(
    fc.property(keys, fc.string({ unit: 'binary' }), (key, text) => {
      const expected = createHmac('sha256', key).update(text, 'utf8').digest('hex');
      expect([hmacSha256(key, text), hmacSha256(key, Buffer.from(text))]).toEqual([expected, expected]);
    }),
  );
});
