import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { THROTTLE_RULES, THROTTLE_WINDOW_SECONDS } from '../passwords/login-throttle-rule.js';
import { LoginThrottlesRepository } from './login-throttles.repository.js';

/** After the longest lock and another window no counter means anything any more. */
const KEPT_SECONDS =
  Math.max(...Object.values(THROTTLE_RULES).map((rule) => rule.longestLockSeconds)) + THROTTLE_WINDOW_SECONDS;
const SWEPT_AT_ONCE = 1_000;

@Injectable()
export class LockoutSchedule {
  constructor(
    private readonly throttles: LoginThrottlesRepository,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'auth.throttles',
    everySeconds: 300,
    description: 'Removes counters of failed logins that are over.',
  })
  async sweep(): Promise<void> {
    while ((await this.sweepSome()) === SWEPT_AT_ONCE);
  }

  @Transactional()
  private sweepSome(): Promise<number> {
    return this.throttles.sweep(new Date(this.clock.nowMs() - KEPT_SECONDS * 1000), SWEPT_AT_ONCE);
  }
}
