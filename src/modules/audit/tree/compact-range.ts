import { foldedRoot, nodeHash } from './tree-hash.js';

interface Subtree {
  readonly height: number;
  readonly hash: Buffer;
}

/** What one has to remember of the leaves read so far: one hash for each 1 in the binary spelling of their number. */
export class CompactRange {
  private count = 0;
  private readonly subtrees: Subtree[] = [];

  /**
   * The range of so many leaves from its hashes, left to right.
   *
   * @throws RangeError when the number of hashes is not that of the ones in `size`
   */
  static of(size: number, hashes: readonly Buffer[]): CompactRange {
    const range = new CompactRange();
    const heights = heightsOf(size);
    if (heights.length !== hashes.length)
      throw new RangeError(`${size} leaves make ${heights.length} subtrees, not ${hashes.length}`);
    heights.forEach((height, index) => range.appendSubtree(hashes[index], height));
    return range;
  }

  /** Number of leaves. */
  get size(): number {
    return this.count;
  }

  /** Left to right. */
  get hashes(): Buffer[] {
    return this.subtrees.map(({ hash }) => hash);
  }

  append(leafHash: Buffer): void {
    this.appendSubtree(leafHash, 0);
  }

  /** Appends 2^height leaves by the root of their subtree; the leaves before must fill subtrees of that height. */
  appendSubtree(root: Buffer, height: number): void {
    let [hash, grown] = [root, height];
    while (this.subtrees.at(-1)?.height === grown) {
      hash = nodeHash(this.subtrees.pop()!.hash, hash);
      grown += 1;
    }
    this.subtrees.push({ height: grown, hash });
    this.count += 2 ** height;
  }

  root(): Buffer {
    return foldedRoot(this.hashes);
  }

  copy(): CompactRange {
    const copy = new CompactRange();
    copy.subtrees.push(...this.subtrees);
    copy.count = this.count;
    return copy;
  }
}

/** Heights of the perfect subtrees that so many leaves are made of, left to right. */
export function heightsOf(size: number): number[] {
  const heights: number[] = [];
  for (let height = 0, rest = size; rest > 0; height += 1, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) heights.unshift(height);
  return heights;
}
