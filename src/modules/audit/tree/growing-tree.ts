import { CompactRange } from './compact-range.js';
import { HASH_BYTES } from './tree-hash.js';

export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

export interface CompleteTile {
  readonly level: number;
  readonly position: number;
  readonly root: Buffer;
  readonly hashes: Buffer;
}

/** The right edge of the tree: what is needed to append to it, sign its root and complete its tiles. */
export class GrowingTree {
  private constructor(
    private readonly range: CompactRange,
    /** By level: the hashes of the tile that is not complete yet. */
    private readonly open: Buffer[][],
  ) {}

  /** @param open by level: the hashes of the tile that is not complete */
  static of(open: readonly (readonly Buffer[])[]): GrowingTree {
    const range = new CompactRange();
    for (let level = open.length - 1; level >= 0; level -= 1)
      for (const hash of open[level]) range.appendSubtree(hash, level * TILE_HEIGHT);
    return new GrowingTree(
      range,
      open.map((hashes) => [...hashes]),
    );
  }

  get size(): number {
    return this.range.size;
  }

  root(): Buffer {
    return this.range.root();
  }

  copy(): GrowingTree {
    return new GrowingTree(
      this.range.copy(),
      this.open.map((hashes) => [...hashes]),
    );
  }

  /** @returns the tiles that this leaf completes, the lowest first */
  append(leafHash: Buffer): CompleteTile[] {
    this.range.append(leafHash);
    const completed: CompleteTile[] = [];
    let hash = leafHash;
    for (let level = 0; ; level += 1) {
      const hashes = (this.open[level] ??= []);
      hashes.push(hash);
      if (hashes.length < TILE_WIDTH) return completed;
      this.open[level] = [];
      hash = rootOf(hashes);
      const position = this.size / TILE_WIDTH ** (level + 1) - 1;
      completed.push({ level, position, root: hash, hashes: Buffer.concat(hashes) });
    }
  }
}

/** How many hashes the tile in the making has at each level: the digits of the size to the base 256, lowest first. */
export function openHashes(size: number): number[] {
  const counts: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / TILE_WIDTH)) counts.push(rest % TILE_WIDTH);
  return counts;
}

export function hashesIn(tile: Buffer): Buffer[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, index) =>
    tile.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}
