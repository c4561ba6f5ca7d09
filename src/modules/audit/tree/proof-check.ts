import { nodeHash } from './tree-hash.js';

/** Checks an audit path as RFC 9162 §2.1.3.2 says. */
export function provesInclusion(
  leafHash: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index < 0 || index >= size) return false;
  let [position, last, hash] = [index, size - 1, leafHash];
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Checks a consistency proof as RFC 9162 §2.1.4.2 says. */
export function provesConsistency(
  from: number,
  to: number,
  path: readonly Buffer[],
  fromRoot: Buffer,
  toRoot: Buffer,
): boolean {
  if (from < 1 || from > to) return false;
  if (from === to) return path.length === 0 && fromRoot.equals(toRoot);
  const hashes = isPowerOfTwo(from) ? [fromRoot, ...path] : path;
  if (hashes.length === 0) return false;
  let [position, last] = [from - 1, to - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  let [earlier, later] = [hashes[0], hashes[0]];
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      [earlier, later] = [nodeHash(hash, earlier), nodeHash(hash, later)];
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, half(last)];
    } else {
      later = nodeHash(later, hash);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && earlier.equals(fromRoot) && later.equals(toRoot);
}

const half = (value: number): number => Math.floor(value / 2);

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
