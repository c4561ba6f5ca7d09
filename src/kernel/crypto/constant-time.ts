import { timingSafeEqual } from 'node:crypto';

/**
 * Whether two secrets are the same, in a time that does not depend on where they differ. Their lengths are not
 * protected: compare only what has a fixed length, such as digests and tokens.
 */
export function equalInConstantTime(one: string | Uint8Array, other: string | Uint8Array): boolean {
  const left = bytesOf(one);
  const right = bytesOf(other);
  return left.length === right.length && timingSafeEqual(left, right);
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}
