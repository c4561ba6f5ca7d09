const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Writes bytes, read as one big-endian number, in base 62 (0-9, A-Z, a-z), padded on the left to `width` characters.
 * 43 characters hold any 32 bytes.
 */
export function toBase62(bytes: Uint8Array, width: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let text = '';
  while (rest > 0n) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  if (text.length > width)
    throw new RangeError(`${bytes.length} bytes do not fit ${width} base 62 characters`);
  return text.padStart(width, '0');
}

/** The same for an unsigned 32-bit number: 6 characters. Plain arithmetic, since it runs for every key a client shows. */
export function uint32ToBase62(value: number): string {
  let text = '';
  for (let rest = value, at = 0; at < 6; at += 1) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
