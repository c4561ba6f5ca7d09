import type pg from 'pg';
import type { Statement } from '../../../kernel/database/index.js';
import type { CompactRange } from '../tree/compact-range.js';
import { HASH_BYTES } from '../tree/tree-hash.js';
import { TILE_WIDTH } from '../tree/growing-tree.js';
import { TreeReader } from '../tree/tree-reader.js';
import { sealedLines, tileHashes } from './database-rows.js';
import type { LogCheckpoint, LogKey, LogLine, SealedLog } from './sealed-log.js';

const ROWS_AT_ONCE = 16 * TILE_WIDTH;
const CHECKPOINTS_AT_ONCE = 1_000;
const CHECKPOINT = `tree_size::float8 AS "treeSize", encode(root_hash, 'hex') AS "rootHash", key_id AS "keyId", note,
  prev_checkpoint::float8 AS "prevCheckpoint"`;

export interface DatabaseLogHead {
  readonly tenantId: string;
  readonly firstSeq: number;
  readonly frontier: CompactRange | null;
  readonly newest: LogCheckpoint | null;
  readonly keys: readonly LogKey[];
}

/** The log of a tenant as the database has it, in the transaction that the connection is in. */
export class DatabaseLog implements SealedLog {
  readonly lastSeq = null;
  readonly tenantId: string;
  readonly firstSeq: number;
  readonly frontier: CompactRange | null;
  readonly newest: LogCheckpoint | null;
  readonly keys: readonly LogKey[];

  private constructor(
    private readonly client: pg.Client,
    head: DatabaseLogHead,
    private readonly unsealedHashes: ReadonlySet<string>,
  ) {
    this.tenantId = head.tenantId;
    this.firstSeq = head.firstSeq;
    this.frontier = head.frontier;
    this.newest = head.newest;
    this.keys = head.keys;
  }

  /** @param unsealedHashes leaf hashes of entries that have no leaf although they should */
  static async of(
    client: pg.Client,
    tenantId: string,
    keys: readonly LogKey[],
    unsealedHashes: ReadonlySet<string>,
  ): Promise<DatabaseLog> {
    const pruned = await client.query<{ size: number | null }>(
      'SELECT (max(last_seq) + 1)::float8 AS size FROM audit_segments WHERE tenant_id = $1',
      [tenantId],
    );
    const newest = await client.query<LogCheckpoint>(
      `SELECT ${CHECKPOINT} FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY tree_size DESC LIMIT 1`,
      [tenantId],
    );
    const firstSeq = pruned.rows[0].size ?? 0;
    const frontier = await frontierOf(client, tenantId, firstSeq);
    const head = { tenantId, firstSeq, frontier, newest: newest.rows.at(0) ?? null, keys };
    return new DatabaseLog(client, head, unsealedHashes);
  }

  /** The next rows are asked for before these are handed on: the server reads while this process works. */
  async *entries(): AsyncGenerator<readonly LogLine[]> {
    const { rows } = await this.client.query<{ end: number | null }>(
      'SELECT (max(seq) + 1)::float8 AS end FROM audit_leaves WHERE tenant_id = $1',
      [this.tenantId],
    );
    const end = rows[0].end ?? 0;
    let coming = this.page(this.firstSeq);
    for (let from = this.firstSeq; from < end;) {
      const read = await coming;
      // A place far off, where nothing should be, must not be waited for page by page.
      from = read.length > 0 ? endOfPage(from) : await this.nextSeq(endOfPage(from), end);
      coming = this.page(from);
      // Reported when it is awaited; until then it must not count as unheard.
      coming.catch(() => undefined);
      yield read;
    }
    await coming;
  }

  async *checkpoints(): AsyncGenerator<LogCheckpoint> {
    for (let after = this.firstSeq - 1; ;) {
      const { rows } = await this.client.query<LogCheckpoint>(
        `SELECT ${CHECKPOINT} FROM audit_checkpoints WHERE tenant_id = $1 AND tree_size > $2 ORDER BY tree_size LIMIT ${CHECKPOINTS_AT_ONCE}`,
        [this.tenantId, after],
      );
      yield* rows;
      if (rows.length < CHECKPOINTS_AT_ONCE) return;
      after = rows[rows.length - 1].treeSize;
    }
  }

  private async nextSeq(from: number, end: number): Promise<number> {
    const { rows } = await this.client.query<{ seq: number | null }>(
      'SELECT min(seq)::float8 AS seq FROM audit_leaves WHERE tenant_id = $1 AND seq >= $2',
      [this.tenantId, from],
    );
    return rows[0].seq ?? end;
  }

  private async page(from: number): Promise<LogLine[]> {
    const { client, tenantId } = this;
    const end = endOfPage(from);
    const positions = { from: Math.floor(from / TILE_WIDTH), end: Math.ceil(end / TILE_WIDTH) };
    const tiles = await tileHashes(client, { tenantId, ...positions });
    return sealedLines(client, { tenantId, from, end }, (seq) => hashIn(tiles, seq), this.unsealedHashes);
  }
}

/** Pages end where a tile does, so that none is read twice. */
function endOfPage(from: number): number {
  return (Math.floor(from / ROWS_AT_ONCE) + 1) * ROWS_AT_ONCE;
}

function hashIn(tiles: ReadonlyMap<number, string>, seq: number): string | null {
  const at = (seq % TILE_WIDTH) * 2 * HASH_BYTES;
  return tiles.get(Math.floor(seq / TILE_WIDTH))?.slice(at, at + 2 * HASH_BYTES) ?? null;
}

/** Null when tiles are missing that it is made of. */
async function frontierOf(client: pg.Client, tenantId: string, size: number): Promise<CompactRange | null> {
  const read = async <Row>({ text }: Statement<Row>, values: unknown[] = []): Promise<Row[]> =>
    (await client.query({ text, values })).rows as Row[];
  try {
    return await new TreeReader({ read }).frontier(tenantId, size);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('The audit tree has no hash')) return null;
    throw error;
  }
}
