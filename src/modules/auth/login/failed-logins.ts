import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Lockout } from '../lockout/lockout.js';
import type { ThrottleKeys } from '../lockout/login-throttles.repository.js';
import type { User } from '../users/user.entity.js';
import { type LoginFailureReason, UserLocked, UserLoginFailed } from './login.events.js';
import { LoginMetrics } from './login-metrics.js';

/** Enough of a counter's key to tell logins apart in the log. */
const SHOWN_OF_KEY = 16;

/** Somebody who did not prove who they are. */
export interface Failure {
  readonly keys: ThrottleKeys;
  /** Null when nobody is called that. */
  readonly user: User | null;
  readonly reason: LoginFailureReason;
}

/** What a failed try leaves behind: counted, on record, and the same work for every reason. */
@Injectable()
export class FailedLogins {
  constructor(
    private readonly lockout: Lockout,
    private readonly events: EventLog,
    private readonly metrics: LoginMetrics,
  ) {}

  /** @throws AccountLocked when the try came too late to count */
  async count(failure: Failure): Promise<void> {
    await this.record(failure);
    this.metrics.failed();
  }

  @Transactional()
  private async record({ keys, user, reason }: Failure): Promise<void> {
    const locks = await this.lockout.countFailure(keys);
    const login = keys.login.slice(0, SHOWN_OF_KEY);
    const about = { resourceId: user?.id ?? null, tenantId: keys.tenantId, personal: namesOf(user) };
    await this.events.record(
      new UserLoginFailed({ ...about, outcome: 'failure', detail: { reason, login } }),
    );
    for (const { kind, failures, until } of locks) {
      const detail = { counter: kind, failures, lockedUntil: until.toISOString(), login };
      await this.events.record(new UserLocked({ ...about, outcome: 'denied', detail }));
    }
  }
}

/** What was typed is not kept when nobody is called that: it may be a password in the wrong field. */
function namesOf(user: User | null): { username: string | null } {
  return { username: user?.username ?? null };
}
