import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const OUTER = Buffer.alloc(BLOCK_BYTES + 32);

/**
 * HMAC-SHA-256 (RFC 2104) of a text or of bytes, hexadecimal. Made of two hashes, because `createHmac` leaves an object
 * behind whose clearing away costs more than the hashing, and there is one for each audit entry that is written or
 * verified.
 */
export function hmacSha256(key: Uint8Array, message: string | Uint8Array): string {
  const short = key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key;
  const inner = Buffer.allocUnsafe(BLOCK_BYTES + Buffer.byteLength(message));
  for (let index = 0; index < BLOCK_BYTES; index += 1) {
    const byte = index < short.length ? short[index] : 0;
    inner[index] = byte ^ 0x36;
    OUTER[index] = byte ^ 0x5c;
  }
  if (typeof message === 'string') inner.write(message, BLOCK_BYTES);
  else inner.set(message, BLOCK_BYTES);
  OUTER.write(hash('sha256', inner, 'hex'), BLOCK_BYTES, 'hex');
  return hash('sha256', OUTER, 'hex');
}
