import type pg from 'pg';
import { CompactRange } from '../tree/compact-range.js';
import { hashesIn, TILE_WIDTH } from '../tree/growing-tree.js';
import type { Findings } from './findings.js';
import type { SealedLog } from './sealed-log.js';

interface Tile {
  readonly level: number;
  readonly position: number;
  readonly root: Buffer;
  readonly hashes: Buffer;
}

const TILES_AT_ONCE = 128;
const NEXT = `SELECT level, position::float8 AS position, root, hashes FROM audit_tiles
  WHERE tenant_id = $1 AND (level, position) > ($2::smallint, $3::bigint) ORDER BY level, position LIMIT ${TILES_AT_ONCE}`;

/** Tiles are copies that proofs are made from: each has to have the root of its hashes, and none may be missing. */
export async function checkTiles(client: pg.Client, log: SealedLog, findings: Findings): Promise<void> {
  const size = log.newest?.treeSize ?? 0;
  const found = (tile: Pick<Tile, 'level' | 'position'>, what: string) =>
    findings.add({ code: 2, tenantId: log.tenantId, seq: firstSeqOf(tile), what });
  let below: Buffer[] = [];
  let roots: Buffer[] = [];
  let expected = { level: 0, position: 0 };
  for await (const tile of tilesOf(client, log.tenantId)) {
    if (tile.level !== expected.level) {
      if (expected.position < completeAt(expected.level, size))
        found(expected, 'A tile of the tree is missing.');
      [below, roots] = [roots, []];
      expected = { level: tile.level, position: 0 };
    }
    if (tile.position !== expected.position) found(expected, 'A tile of the tree is missing.');
    else if (!isRight(tile, below)) found(tile, 'A tile of the tree is not what it sums up.');
    roots[tile.position] = tile.root;
    expected = { level: tile.level, position: tile.position + 1 };
  }
  if (expected.position < completeAt(expected.level, size)) found(expected, 'A tile of the tree is missing.');
}

async function* tilesOf(client: pg.Client, tenantId: string): AsyncGenerator<Tile> {
  for (let [level, position] = [0, -1]; ;) {
    const { rows } = await client.query<Tile>(NEXT, [tenantId, level, position]);
    yield* rows;
    if (rows.length < TILES_AT_ONCE) return;
    ({ level, position } = rows[rows.length - 1]);
  }
}

function isRight({ level, position, root, hashes }: Tile, below: readonly Buffer[]): boolean {
  const parts = hashesIn(hashes);
  const range = new CompactRange();
  for (const part of parts) range.append(part);
  if (!range.root().equals(root)) return false;
  const first = position * TILE_WIDTH;
  return level === 0 || parts.every((part, index) => below[first + index]?.equals(part));
}

function completeAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** (level + 1));
}

function firstSeqOf({ level, position }: Pick<Tile, 'level' | 'position'>): number {
  return position * TILE_WIDTH ** (level + 1);
}
