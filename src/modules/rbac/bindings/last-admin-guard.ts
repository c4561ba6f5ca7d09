import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { LastAdmin } from '../rbac.errors.js';
import { AdminsRepository } from './admins.repository.js';

/** No path may leave a tenant without somebody who can administer it. */
@Injectable()
export class LastAdminGuard {
  constructor(
    private readonly tenants: Tenants,
    private readonly admins: AdminsRepository,
    private readonly clock: Clock,
  ) {}

  /** Counts after the lock is held, so that of two admins who remove each other the second one sees what the first did. */
  async guard(tenantId: string, leavingUserId: string): Promise<void> {
    await this.tenants.lock(tenantId);
    const { leaves, stays } = await this.admins.left(tenantId, leavingUserId, this.clock.now());
    if (leaves && !stays) throw new LastAdmin();
  }

  /** For changes that may concern many: looks before and after, and refuses when what there was is gone. */
  async during<T>(tenantId: string, change: () => Promise<T>): Promise<T> {
    await this.tenants.lock(tenantId);
    const before = await this.admins.present(tenantId, this.clock.now());
    const result = await change();
    const after = await this.admins.present(tenantId, this.clock.now());
    if ((before.reliable && !after.reliable) || (before.any && !after.any)) throw new LastAdmin();
    return result;
  }
}
