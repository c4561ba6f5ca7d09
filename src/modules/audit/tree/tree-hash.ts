import { hash } from 'node:crypto';

/** Inner nodes are hashed under another first byte than leaves (RFC 9162 §2.1). */
const NODE = 0x01;
export const HASH_BYTES = 32;
const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  // A buffer that is asked for would be one of its own outside the heap, which costs as much again as the hash.
  return Buffer.from(hash('sha256', node, 'binary'), 'latin1');
}

/** The root over the roots of the perfect subtrees that a range of leaves is made of, left to right. */
export function foldedRoot(hashes: readonly Buffer[]): Buffer {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}
