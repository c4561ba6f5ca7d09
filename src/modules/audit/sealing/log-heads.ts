import { Injectable } from '@nestjs/common';
import type { AuditCheckpointRow } from '../checkpoints/audit-checkpoint.entity.js';
import { GrowingTree } from '../tree/growing-tree.js';
import { TreeReader } from '../tree/tree-reader.js';

/** A tenant's tree is a few kilobytes at the most. */
const MOST_KEPT = 1_000;

/** The right edge of each log as this process left it, so that sealing reads nothing in the steady state. */
@Injectable()
export class LogHeads {
  private readonly kept = new Map<string, GrowingTree>();

  constructor(private readonly reader: TreeReader) {}

  /**
   * The tree that the checkpoint is the root of.
   *
   * @throws Error when the stored tree has another root: whoever signed it on would cover up what happened to it
   */
  async at(tenantId: string, checkpoint: AuditCheckpointRow | null): Promise<GrowingTree> {
    const size = Number(checkpoint?.treeSize ?? 0);
    const kept = this.kept.get(tenantId);
    const isCurrent = kept?.size === size && (checkpoint === null || kept.root().equals(checkpoint.rootHash));
    const tree = isCurrent ? kept : await this.reader.edge(tenantId, size);
    if (checkpoint !== null && !tree.root().equals(checkpoint.rootHash)) {
      throw new Error(
        `The audit log of tenant ${tenantId} is not what its checkpoint of ${size} entries says; it is not sealed on. Run reeve audit verify.`,
      );
    }
    return tree;
  }

  /** To be called when the tree has been committed. */
  keep(tenantId: string, tree: GrowingTree): void {
    this.kept.delete(tenantId);
    this.kept.set(tenantId, tree);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
  }
}
