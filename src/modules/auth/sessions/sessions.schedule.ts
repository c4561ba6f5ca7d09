import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { SessionsRepository } from './sessions.repository.js';

const AT_ONCE = 1_000;
/** How long the rows of sessions that are over stay, for whoever reconstructs what happened. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Bookkeeping only: whether a session has expired is judged whenever it is used. */
@Injectable()
export class SessionsSchedule {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'auth.sessions',
    everySeconds: 300,
    description: 'Marks sessions that have expired and deletes those that were over 30 days ago.',
  })
  async sweep(): Promise<void> {
    while ((await this.markSome()) === AT_ONCE);
    while ((await this.deleteSome()) === AT_ONCE);
  }

  @Transactional()
  private markSome(): Promise<number> {
    return this.sessions.markExpired(this.clock.now(), AT_ONCE);
  }

  @Transactional()
  private deleteSome(): Promise<number> {
    return this.sessions.deleteDead(new Date(this.clock.nowMs() - KEPT_MS), AT_ONCE);
  }
}
