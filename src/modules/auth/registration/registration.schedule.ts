import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock, secondsAfter } from '../../../kernel/runtime/index.js';
import { UserDeleted } from '../users/user.events.js';
import { UsersRepository } from '../users/users.repository.js';

/** How long somebody may take to confirm their address, with as many new tokens as they like. */
const KEPT_SECONDS = 7 * 24 * 3600;
const SWEPT_AT_ONCE = 200;

/** Gives back addresses and names that somebody registered and nobody confirmed. */
@Injectable()
export class RegistrationSchedule {
  constructor(
    private readonly users: UsersRepository,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'auth.sweep-registrations',
    everySeconds: 3600,
    description: 'Removes accounts whose mail address was not confirmed within seven days of registering.',
  })
  async sweep(): Promise<void> {
    while ((await this.sweepSome()) === SWEPT_AT_ONCE);
  }

  /** Nobody has ever signed in to them, so there is nothing to keep but the entry in the log. */
  @Transactional()
  private async sweepSome(): Promise<number> {
    const now = this.clock.now();
    const removed = await this.users.removeUnverified(secondsAfter(now, -KEPT_SECONDS), now, SWEPT_AT_ONCE);
    for (const { id, tenantId } of removed)
      await this.events.record(new UserDeleted({ resourceId: id, tenantId, detail: { revokedKeys: 0 } }));
    return removed.length;
  }
}
