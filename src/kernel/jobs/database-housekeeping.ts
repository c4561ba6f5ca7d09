import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../database/index.js';
import { Scheduled } from './schedule-declaration.js';

/** Schedules of the layer below, which knows none. */
@Injectable()
export class DatabaseHousekeeping {
  constructor(private readonly feed: ChangeFeed) {}

  @Scheduled({
    name: 'database.delete-old-changes',
    everySeconds: 600,
    description: 'Deletes announcements of changes that every process has heard of.',
  })
  @Transactional()
  async deleteOldChanges(): Promise<void> {
    await this.feed.deleteOld();
  }
}
