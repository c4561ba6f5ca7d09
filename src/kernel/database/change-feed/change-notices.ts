import { Logger } from '@nestjs/common';
import type { Clock } from '../../runtime/index.js';
import type { DatabasePool } from '../pool.js';
import { CHANGE_CHANNEL } from './change-connection.js';

/** NOTIFY takes a lock of the whole cluster at commit, so one speaks for everything announced within this time. */
const SHORTEST_INTERVAL_MS = 10;

/** Wakes the other processes after a commit. Nothing depends on it arriving: everybody polls as well. */
export class ChangeNotices {
  private readonly log = new Logger('ChangeFeed');
  private timer: NodeJS.Timeout | null = null;
  private sentAtMs = -Infinity;

  constructor(
    private readonly pool: DatabasePool,
    private readonly clock: Clock,
  ) {}

  send(): void {
    if (this.timer !== null) return;
    const waitMs = this.sentAtMs + SHORTEST_INTERVAL_MS - this.clock.monotonicMs();
    if (waitMs <= 0) return this.sendNow();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.sendNow();
    }, Math.ceil(waitMs));
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private sendNow(): void {
    this.sentAtMs = this.clock.monotonicMs();
    this.pool.query({ text: `NOTIFY ${CHANGE_CHANNEL}` }).catch((error: Error) => {
      this.log.debug(`A notice of changes was not sent, others will poll: ${error.message}`);
    });
  }
}
