import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock, secondsAfter } from '../../../kernel/runtime/index.js';
import { SessionsRepository } from './sessions.repository.js';
import { Sessions } from './sessions.js';

const DELETED_AT_ONCE = 1_000;
/** Fewer, since each is put on record. */
const EXPIRED_AT_ONCE = 200;
/** How long the rows of sessions that are over stay, for whoever reconstructs what happened. */
const KEPT_SECONDS = 30 * 24 * 3600;

/** Bookkeeping only: whether a session has expired is judged whenever it is used. */
@Injectable()
export class SessionsSchedule {
  constructor(
    private readonly sessions: Sessions,
    private readonly rows: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'auth.sessions',
    everySeconds: 300,
    description: 'Marks sessions that have expired and deletes those that were over 30 days ago.',
  })
  async sweep(): Promise<void> {
    while ((await this.sessions.expire(EXPIRED_AT_ONCE)) === EXPIRED_AT_ONCE);
    while ((await this.deleteSome()) === DELETED_AT_ONCE);
  }

  @Transactional()
  private deleteSome(): Promise<number> {
    return this.rows.deleteDead(secondsAfter(this.clock.now(), -KEPT_SECONDS), DELETED_AT_ONCE);
  }
}
