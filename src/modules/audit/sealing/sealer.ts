import { Injectable } from '@nestjs/common';
import type { Ed25519Key } from '../../../kernel/crypto/index.js';
import { Transactional, UnitOfWork } from '../../../kernel/database/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../../kernel/operation/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import type { AuditCheckpointRow } from '../checkpoints/audit-checkpoint.entity.js';
import { readNote, signedNote } from '../checkpoints/checkpoint-note.js';
import { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import { originOf } from '../checkpoints/log-origin.js';
import { AuditKeys } from '../keys/audit-keys.js';
import { byTenant, extended, type LogExtension } from './log-extension.js';
import { LogHeads } from './log-heads.js';
import { SealedLogRepository } from './sealed-log.repository.js';
import { SealingTurn } from './sealing-turn.js';
import { WaitingEntries, type WaitingEntry } from './waiting-entries.js';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** In one transaction: some tens of milliseconds. */
export const MOST_AT_ONCE = 4_096;

/**
 * Gives entries their places, extends the trees and signs the roots: all of it for a batch, or nothing. Appending knows
 * nothing of it and waits for nothing.
 */
@Injectable()
export class Sealer {
  constructor(
    private readonly turn: SealingTurn,
    private readonly waiting: WaitingEntries,
    private readonly log: SealedLogRepository,
    private readonly heads: LogHeads,
    private readonly checkpoints: CheckpointsRepository,
    private readonly keys: AuditKeys,
    private readonly unitOfWork: UnitOfWork,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Seals what can be sealed now, batch by batch.
   *
   * @returns how many entries; what another process seals meanwhile does not count
   */
  async sealAll(): Promise<number> {
    let total = 0;
    for (;;) {
      const first = await this.waiting.first();
      if (first === 'none' || (first !== 'later' && !first.isFinal)) return total;
      const operation = systemOperation('schedule', this.ids.next(), systemPrincipal('audit.sealer'));
      const sealed = await runInOperation(operation, () => this.sealBatch());
      if (sealed === null) return total;
      total += sealed;
    }
  }

  /** Null when it is another process's turn. */
  @Transactional()
  private async sealBatch(): Promise<number | null> {
    const through = await this.turn.take();
    if (through === null) return null;
    const epoch = await this.waiting.currentEpoch();
    const entries = await this.waiting.next(through, epoch, MOST_AT_ONCE);
    const last = entries.at(-1);
    if (last !== undefined) {
      await this.sealEntries(entries);
      await this.turn.advance({ ...through, xid: last.xid, entryId: last.id }, this.clock.now());
    } else if (through.clusterEpoch < epoch) {
      const next = { clusterEpoch: through.clusterEpoch + 1, xid: '0', entryId: FIRST_ID };
      await this.turn.advance(next, this.clock.now());
    }
    return entries.length;
  }

  private async sealEntries(entries: readonly WaitingEntry[]): Promise<void> {
    const key = await this.keys.signer();
    for (const [tenantId, group] of byTenant(entries)) {
      const latest = await this.checkpoints.latest(tenantId);
      const extension = extended(await this.heads.at(tenantId, latest), tenantId, group);
      await this.log.extend(extension);
      await this.sign(extension, latest, key);
      this.unitOfWork.afterCommit(() => this.heads.keep(tenantId, extension.tree));
    }
  }

  private async sign(
    { tenantId, tree }: LogExtension,
    latest: AuditCheckpointRow | null,
    key: Ed25519Key,
  ): Promise<void> {
    // A log keeps the name it began with, wherever the service moves.
    const origin = readNote(latest?.note ?? '')?.origin ?? originOf(this.configuration.publicUrl, tenantId);
    const root = tree.root();
    await this.checkpoints.add({
      tenantId,
      treeSize: String(tree.size),
      rootHash: root,
      keyId: key.id,
      note: signedNote({ origin, size: tree.size, root }, key),
      prevCheckpoint: latest?.treeSize ?? null,
      createdAt: this.clock.now(),
    });
  }
}
