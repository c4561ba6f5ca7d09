import { Injectable } from '@nestjs/common';
import type { ScopeKind } from '../../../kernel/access/index.js';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { EventLog, type Fact, InTransaction } from '../../../kernel/events/index.js';
import { currentOperation } from '../../../kernel/operation/index.js';
import { Consequences } from '../grants/consequences.js';
import { unbound } from './binding-facts.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** A gateway or department that is deleted takes the bindings for it along, in the same transaction. */
@Injectable()
export class LeavingScopes {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly consequences: Consequences,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
  ) {}

  // By name: the modules that own them come after this one.
  @InTransaction('gateway.delete')
  async gatewayDeleted(deleted: Fact): Promise<void> {
    await this.leave('gateway', deleted.resourceId);
  }

  @InTransaction('department.delete')
  async departmentDeleted(deleted: Fact): Promise<void> {
    await this.leave('department', deleted.resourceId);
  }

  /** @throws GrantExceedsOwn when somebody would gain by it what the caller does not hold */
  private async leave(kind: ScopeKind, id: string | null): Promise<void> {
    const { principal } = currentOperation();
    if (id === null || principal === null)
      throw new Error(`The deleted ${kind} or who deletes it is not named.`);
    const bindings = await this.bindings.atScope(principal.tenantId, { kind, id });
    await this.consequences.requireMayEnd(principal, bindings);
    await this.bindings.remove(bindings.map((binding) => binding.id));
    await this.events.record(...bindings.map(unbound));
    const subjects = new Map(bindings.map((binding) => [binding.subjectId, binding.subjectKind]));
    for (const [subjectId, subjectKind] of subjects) await this.feed.announce(subjectKind, subjectId);
  }
}
