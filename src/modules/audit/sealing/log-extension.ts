import type { CompleteTile, GrowingTree } from '../tree/growing-tree.js';
import type { WaitingEntry } from './waiting-entries.js';
import { HASH_BYTES } from '../tree/tree-hash.js';

export interface NewLeaf {
  readonly seq: number;
  readonly entryId: string;
  readonly leafHash: Buffer;
}

/** One tenant's share of a batch, put in its place. */
export interface LogExtension {
  readonly tenantId: string;
  readonly leaves: readonly NewLeaf[];
  readonly tiles: readonly CompleteTile[];
  /** The tree with the new leaves. */
  readonly tree: GrowingTree;
}

/** The entries of a batch by tenant, and within a tenant by id: an order that a verifier can check. */
export function byTenant(entries: readonly WaitingEntry[]): Map<string, WaitingEntry[]> {
  const groups = new Map<string, WaitingEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.tenantId);
    if (group === undefined) groups.set(entry.tenantId, [entry]);
    else group.push(entry);
  }
  for (const group of groups.values()) group.sort((a, b) => (a.id < b.id ? -1 : 1));
  return groups;
}

export function extended(
  tree: GrowingTree,
  tenantId: string,
  entries: readonly WaitingEntry[],
): LogExtension {
  const grown = tree.copy();
  const tiles: CompleteTile[] = [];
  const leaves = entries.map(({ id, leafHash }) => {
    const leaf = { seq: grown.size, entryId: id, leafHash: hashOfRightLength(leafHash) };
    tiles.push(...grown.append(leaf.leafHash));
    return leaf;
  });
  return { tenantId, leaves, tiles, tree: grown };
}

/**
 * What the service writes has 32 bytes. A row that somebody else put in gets its place all the same, or it would stop
 * the log for good; the verifier finds that it is not what was hashed.
 */
function hashOfRightLength(leafHash: Buffer): Buffer {
  return leafHash.length === HASH_BYTES ? leafHash : Buffer.alloc(HASH_BYTES);
}
