import { Injectable } from '@nestjs/common';
import { arrayLiteral, Database, statement } from '../../../kernel/database/index.js';
import type { LogExtension } from './log-extension.js';

const addLeaves = statement(
  'audit.add_leaves',
  `INSERT INTO audit_leaves (tenant_id, seq, entry_id, leaf_hash)
   SELECT $1, $2::bigint + ordinal - 1, entry_id, leaf_hash
     FROM unnest($3::uuid[], $4::bytea[]) WITH ORDINALITY AS leaf (entry_id, leaf_hash, ordinal)`,
);
const addTiles = statement(
  'audit.add_tiles',
  `INSERT INTO audit_tiles (tenant_id, level, position, root, hashes)
   SELECT $1, level, position, root, hashes
     FROM unnest($2::smallint[], $3::bigint[], $4::bytea[], $5::bytea[]) AS tile (level, position, root, hashes)`,
);

/** Writes places and tiles. */
@Injectable()
export class SealedLogRepository {
  constructor(private readonly database: Database) {}

  async extend({ tenantId, leaves, tiles }: LogExtension): Promise<void> {
    await this.database.write(addLeaves, [
      tenantId,
      leaves[0].seq,
      arrayLiteral(
        leaves.map(({ entryId }) => entryId),
        'plain',
      ),
      arrayLiteral(
        leaves.map(({ leafHash }) => leafHash.toString('hex')),
        'bytes',
      ),
    ]);
    if (tiles.length === 0) return;
    await this.database.write(addTiles, [
      tenantId,
      tiles.map(({ level }) => level),
      tiles.map(({ position }) => position),
      tiles.map(({ root }) => root),
      tiles.map((tile) => tile.hashes),
    ]);
  }
}
