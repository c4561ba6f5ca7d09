import { Inject, Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';
import { CompactRange } from './compact-range.js';
import { GrowingTree, hashesIn, openHashes, TILE_HEIGHT, TILE_WIDTH } from './growing-tree.js';
import { type LeafRange, type SubtreePlace, subtreesOf } from './leaf-range.js';
import { foldedRoot } from './tree-hash.js';

interface NumberedHash {
  readonly index: string;
  readonly hash: Buffer;
}

const leafTiles = statement<NumberedHash>(
  'audit.leaf_tiles',
  `SELECT position AS index, hashes AS hash FROM audit_tiles
    WHERE tenant_id = $1 AND level = 0 AND position = ANY ($2::bigint[])`,
);
const leaves = statement<NumberedHash>(
  'audit.leaves',
  'SELECT seq AS index, leaf_hash AS hash FROM audit_leaves WHERE tenant_id = $1 AND seq = ANY ($2::bigint[])',
);
const tileRoots = statement<NumberedHash>(
  'audit.tile_roots',
  `SELECT position AS index, root AS hash FROM audit_tiles
    WHERE tenant_id = $1 AND level = $2 AND position = ANY ($3::bigint[])`,
);

/** Some hashes of one level: of leaves at level 0, of roots of tiles above. */
interface Slice {
  readonly level: number;
  readonly begin: number;
  readonly end: number;
}

/** Reads roots of any part of the tree, in one query or two per level, whatever its size and whatever was pruned. */
@Injectable()
export class TreeReader {
  constructor(@Inject(Database) private readonly database: Pick<Database, 'read'>) {}

  /** The roots of the ranges. @throws Error when the tree is not that large, or damaged */
  async roots(tenantId: string, ranges: readonly LeafRange[]): Promise<Buffer[]> {
    const places = ranges.map(subtreesOf);
    const hashes = await this.hashes(tenantId, places.flat().map(sliceOf));
    return places.map((parts) => foldedRoot(parts.map((part) => rootOfSlice(hashes, sliceOf(part)))));
  }

  /** The compact range of the first `size` leaves. */
  async frontier(tenantId: string, size: number): Promise<CompactRange> {
    const places = subtreesOf({ begin: 0, end: size });
    const hashes = await this.hashes(tenantId, places.map(sliceOf));
    const roots = places.map((place) => rootOfSlice(hashes, sliceOf(place)));
    return CompactRange.of(size, roots);
  }

  /** The right edge of the tree of that size. */
  async edge(tenantId: string, size: number): Promise<GrowingTree> {
    const slices = openHashes(size).map((count, level) => {
      const end = Math.floor(size / TILE_WIDTH ** level);
      return { level, begin: end - count, end };
    });
    const hashes = await this.hashes(tenantId, slices);
    return GrowingTree.of(slices.map((slice) => hashesOf(hashes, slice)));
  }

  private async hashes(tenantId: string, slices: readonly Slice[]): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>();
    const levels = new Set(slices.map(({ level }) => level));
    await Promise.all(
      [...levels].map(async (level) => {
        const indexes = slices.filter((slice) => slice.level === level).flatMap(indexesOf);
        for (const [index, hash] of await this.level(tenantId, level, indexes))
          found.set(`${level}:${index}`, hash);
      }),
    );
    return found;
  }

  private async level(tenantId: string, level: number, indexes: number[]): Promise<[number, Buffer][]> {
    if (level === 0) return this.leaves(tenantId, indexes);
    return numbered(await this.database.read(tileRoots, [tenantId, level - 1, indexes]));
  }

  /** From the tiles, which stay; only the leaves of the tile that is not complete yet are read as rows. */
  private async leaves(tenantId: string, indexes: number[]): Promise<[number, Buffer][]> {
    const positions = [...new Set(indexes.map((index) => Math.floor(index / TILE_WIDTH)))];
    const tiles = new Map(numbered(await this.database.read(leafTiles, [tenantId, positions])));
    const inTiles = [...tiles].flatMap(([position, tile]) =>
      hashesIn(tile).map((hash, index): [number, Buffer] => [position * TILE_WIDTH + index, hash]),
    );
    const rest = indexes.filter((index) => !tiles.has(Math.floor(index / TILE_WIDTH)));
    if (rest.length === 0) return inTiles;
    return [...inTiles, ...numbered(await this.database.read(leaves, [tenantId, rest]))];
  }
}

function sliceOf({ height, position }: SubtreePlace): Slice {
  const level = Math.floor(height / TILE_HEIGHT);
  const width = 2 ** (height % TILE_HEIGHT);
  return { level, begin: position * width, end: (position + 1) * width };
}

function indexesOf({ begin, end }: Slice): number[] {
  return Array.from({ length: end - begin }, (_, offset) => begin + offset);
}

function hashesOf(known: ReadonlyMap<string, Buffer>, slice: Slice): Buffer[] {
  return indexesOf(slice).map((index) => {
    const hash = known.get(`${slice.level}:${index}`);
    if (hash === undefined) throw new Error(`The audit tree has no hash ${index} at level ${slice.level}.`);
    return hash;
  });
}

function rootOfSlice(known: ReadonlyMap<string, Buffer>, slice: Slice): Buffer {
  const hashes = hashesOf(known, slice);
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}

function numbered(rows: readonly NumberedHash[]): [number, Buffer][] {
  return rows.map(({ index, hash }) => [Number(index), hash]);
}
