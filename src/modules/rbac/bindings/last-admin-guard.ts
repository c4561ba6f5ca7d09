import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { LastAdmin } from '../rbac.errors.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** No path may leave a tenant without somebody who can administer it. */
@Injectable()
export class LastAdminGuard {
  constructor(
    private readonly tenants: Tenants,
    private readonly bindings: RoleBindingsRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts after the lock is held, so that of two admins who remove each other the second one sees what the first did. */
  async guard(tenantId: string, leavingUserId: string): Promise<void> {
    await this.tenants.lock(tenantId);
    const { leaves, stays } = await this.bindings.adminsLeft(tenantId, leavingUserId, this.clock.now());
    if (leaves && !stays) throw new LastAdmin();
  }
}
