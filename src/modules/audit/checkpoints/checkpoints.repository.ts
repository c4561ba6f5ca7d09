import { Injectable } from '@nestjs/common';
import { columnsOf, Database, statement } from '../../../kernel/database/index.js';
import { AuditCheckpointRow } from './audit-checkpoint.entity.js';

const COLUMNS = columnsOf(AuditCheckpointRow);
const LAST = '9223372036854775807';

const before = statement<AuditCheckpointRow>(
  'audit.checkpoints_before',
  `SELECT ${COLUMNS} FROM audit_checkpoints WHERE tenant_id = $1 AND tree_size < $2 ORDER BY tree_size DESC LIMIT $3`,
);
const ofSize = statement<AuditCheckpointRow>(
  'audit.checkpoint_of_size',
  `SELECT ${COLUMNS} FROM audit_checkpoints WHERE tenant_id = $1 AND tree_size = $2`,
);
const following = statement<AuditCheckpointRow>(
  'audit.checkpoints_after',
  `SELECT ${COLUMNS} FROM audit_checkpoints WHERE tenant_id = $1 AND tree_size > $2 ORDER BY tree_size LIMIT $3`,
);
const since = statement<AuditCheckpointRow>(
  'audit.checkpoints_since',
  `SELECT ${COLUMNS} FROM audit_checkpoints WHERE position > $1 ORDER BY position LIMIT $2`,
);
const lastPosition = statement<{ position: string | null }>(
  'audit.last_checkpoint_position',
  'SELECT max(position) AS position FROM audit_checkpoints',
);
const countUpTo = statement<{ count: number }>(
  'audit.count_checkpoints',
  'SELECT count(*)::int AS count FROM (SELECT FROM audit_checkpoints WHERE tenant_id = $1 LIMIT $2) AS counted',
);
const add = statement(
  'audit.add_checkpoint',
  `INSERT INTO audit_checkpoints (tenant_id, tree_size, root_hash, key_id, note, prev_checkpoint, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

export type NewCheckpoint = Omit<AuditCheckpointRow, 'position'>;

@Injectable()
export class CheckpointsRepository {
  constructor(private readonly database: Database) {}

  async latest(tenantId: string): Promise<AuditCheckpointRow | null> {
    return (await this.before(tenantId, LAST, 1)).at(0) ?? null;
  }

  /** Largest first. */
  before(tenantId: string, treeSize: string | null, most: number): Promise<AuditCheckpointRow[]> {
    return this.database.read(before, [tenantId, treeSize ?? LAST, most]);
  }

  /** Smallest first. */
  after(tenantId: string, treeSize: number, most: number): Promise<AuditCheckpointRow[]> {
    return this.database.read(following, [tenantId, treeSize, most]);
  }

  ofSize(tenantId: string, treeSize: number): Promise<AuditCheckpointRow | null> {
    return this.database.readOne(ofSize, [tenantId, treeSize]);
  }

  async countUpTo(tenantId: string, most: number): Promise<number> {
    return (await this.database.readOne(countUpTo, [tenantId, most]))?.count ?? 0;
  }

  /** Of all tenants, in the order they were made. Whoever remembers the last `position` misses none. */
  since(position: string, most: number): Promise<AuditCheckpointRow[]> {
    return this.database.read(since, [position, most]);
  }

  async lastPosition(): Promise<string> {
    return (await this.database.readOne(lastPosition))?.position ?? '0';
  }

  async add(checkpoint: NewCheckpoint): Promise<void> {
    const { tenantId, treeSize, rootHash, keyId, note, prevCheckpoint, createdAt } = checkpoint;
    await this.database.write(add, [tenantId, treeSize, rootHash, keyId, note, prevCheckpoint, createdAt]);
  }
}
