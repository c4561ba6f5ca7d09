import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { EndedBindingCleared } from '../rbac.events.js';
import { detailOf } from './binding-facts.js';
import { type NamedBinding, RoleBindingsRepository } from './role-bindings.repository.js';

/** For so long the explanation of a decision can still say that a binding has ended. */
const KEPT_MS = 30 * 24 * 3_600_000;
const SWEPT_AT_ONCE = 500;

/** Bindings stop counting at their instant; this only clears the rows away. */
@Injectable()
export class EndedBindingsSchedule {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'rbac.ended-bindings',
    everySeconds: 3_600,
    description: 'Clears bindings away that ended more than 30 days ago.',
  })
  async sweep(): Promise<void> {
    while ((await this.sweepSome()) === SWEPT_AT_ONCE);
  }

  @Transactional()
  protected async sweepSome(): Promise<number> {
    const swept = await this.bindings.sweepEnded(new Date(this.clock.nowMs() - KEPT_MS), SWEPT_AT_ONCE);
    await this.events.record(...swept.map(cleared));
    return swept.length;
  }
}

function cleared(binding: NamedBinding): EndedBindingCleared {
  const endedAt = binding.expiresAt?.toISOString() ?? '';
  const { id: resourceId, tenantId } = binding;
  return new EndedBindingCleared({ resourceId, tenantId, detail: { ...detailOf(binding), endedAt } });
}
