import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import { consistencyRanges, inclusionRanges } from '../tree/leaf-range.js';
import { TreeReader } from '../tree/tree-reader.js';
import type { ConsistencyProofView, InclusionProofView } from './proof.dto.js';
import { EntryPlaces } from './entry-places.js';
import { EntryNotSealed, TreeSizesReversed, TreeSizeUnknown } from './proofs.errors.js';

/** Proofs about the tenant's log. A proof costs a handful of queries, whatever the size of the log. */
@Injectable()
export class ProofsService {
  constructor(
    private readonly places: EntryPlaces,
    private readonly checkpoints: CheckpointsRepository,
    private readonly tree: TreeReader,
  ) {}

  /** @throws NotFound, EntryNotSealed, TreeSizeUnknown */
  async inclusion(
    { tenantId }: Pick<AccessScope, 'tenantId'>,
    entryId: string,
    wanted: number | undefined,
  ): Promise<InclusionProofView> {
    const place = await this.places.of(tenantId, entryId);
    if (place === null) throw new NotFound();
    const { seq } = place;
    if (seq === null) throw new EntryNotSealed();
    const treeSize = await this.knownSize(tenantId, wanted);
    if (treeSize <= seq) throw new TreeSizeUnknown();
    const [root, ...path] = await this.tree.roots(tenantId, [
      { begin: 0, end: treeSize },
      ...inclusionRanges(seq, treeSize),
    ]);
    return {
      entryId,
      seq,
      leafHash: hex(place.leafHash),
      treeSize,
      rootHash: hex(root),
      hashes: path.map(hex),
      checkpoint: await this.noteOf(tenantId, treeSize),
    };
  }

  /** @throws TreeSizeUnknown, TreeSizesReversed */
  async consistency(
    { tenantId }: Pick<AccessScope, 'tenantId'>,
    from: number,
    wanted: number | undefined,
  ): Promise<ConsistencyProofView> {
    const to = await this.knownSize(tenantId, wanted);
    if (wanted !== undefined && from > to) throw new TreeSizesReversed();
    if (from > to) throw new TreeSizeUnknown();
    const [fromRoot, toRoot, ...path] = await this.tree.roots(tenantId, [
      { begin: 0, end: from },
      { begin: 0, end: to },
      ...consistencyRanges(from, to),
    ]);
    return {
      from,
      to,
      fromRootHash: hex(fromRoot),
      toRootHash: hex(toRoot),
      hashes: path.map(hex),
      fromCheckpoint: await this.noteOf(tenantId, from),
      toCheckpoint: await this.noteOf(tenantId, to),
    };
  }

  private async knownSize(tenantId: string, wanted: number | undefined): Promise<number> {
    const latest = await this.checkpoints.latest(tenantId);
    const size = Number(latest?.treeSize ?? 0);
    if (size === 0 || (wanted !== undefined && wanted > size)) throw new TreeSizeUnknown();
    return wanted ?? size;
  }

  private async noteOf(tenantId: string, size: number): Promise<string | null> {
    return (await this.checkpoints.ofSize(tenantId, size))?.note ?? null;
  }
}

function hex(hash: Buffer): string {
  return hash.toString('hex');
}
