import { Injectable, Logger } from '@nestjs/common';
import {
  type AnnouncedCheckpoint,
  type CheckpointFollower,
  CheckpointFollowers,
} from '../../../kernel/events/index.js';
import type { AuditCheckpointRow } from './audit-checkpoint.entity.js';
import { CheckpointsRepository } from './checkpoints.repository.js';

const MOST_AT_ONCE = 200;

/** Tells the followers what was signed since they last listened, by this process or another. */
@Injectable()
export class CheckpointAnnouncements {
  private readonly log = new Logger('Audit');
  private readonly positions = new Map<CheckpointFollower, string>();

  constructor(
    private readonly followers: CheckpointFollowers,
    private readonly checkpoints: CheckpointsRepository,
  ) {}

  async announce(): Promise<void> {
    await Promise.all(this.followers.all.map((follower) => this.tell(follower)));
  }

  /** One that fails keeps nobody from hearing; it gets the same again the next time. */
  private async tell(follower: CheckpointFollower): Promise<void> {
    try {
      for (let isMore = true; isMore;) {
        const position = this.positions.get(follower) ?? (await follower.lastPosition());
        this.positions.set(follower, position);
        const news = await this.checkpoints.since(position, MOST_AT_ONCE);
        if (news.length === 0) return;
        await follower.receive(news.map(announced));
        this.positions.set(follower, news[news.length - 1].position);
        isMore = news.length === MOST_AT_ONCE;
      }
    } catch (error) {
      this.log.error(error instanceof Error ? error : new Error(String(error)), follower.name);
    }
  }
}

function announced(row: AuditCheckpointRow): AnnouncedCheckpoint {
  const { position, tenantId, treeSize, rootHash, keyId, note, createdAt } = row;
  return {
    position,
    tenantId,
    treeSize: Number(treeSize),
    rootHash: rootHash.toString('hex'),
    keyId,
    note,
    createdAt,
  };
}
