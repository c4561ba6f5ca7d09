import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog, type Fact, InTransaction } from '../../../kernel/events/index.js';
import { unbound } from './role-assignment.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** Whoever is deleted leaves no bindings behind, in the same transaction. */
@Injectable()
export class LeavingSubjects {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
  ) {}

  // By name, because the module that owns users and services is not to be imported here.
  @InTransaction('user.delete')
  async userDeleted(deleted: Fact): Promise<void> {
    await this.unbindAll('user', deleted.resourceId);
  }

  @InTransaction('service.delete')
  async serviceDeleted(deleted: Fact): Promise<void> {
    await this.unbindAll('service', deleted.resourceId);
  }

  private async unbindAll(kind: 'user' | 'service', id: string | null): Promise<void> {
    if (id === null) throw new Error(`The deleted ${kind} is not named.`);
    const bindings = await this.bindings.removeAllOf(kind, id);
    for (const binding of bindings) await this.events.record(unbound(binding));
    if (bindings.length > 0) await this.feed.announce(kind, id);
  }
}
