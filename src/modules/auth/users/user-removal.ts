import { Injectable } from '@nestjs/common';
import { Policy } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { Sessions } from '../sessions/sessions.js';
import type { User } from './user.entity.js';
import { OwnAccount, UserNotDeleted } from './user.errors.js';
import { UserDeleted, UserUndeleted } from './user.events.js';
import { UsersRepository } from './users.repository.js';

/** Deleting users, which keeps their rows for the records, and bringing them back. */
@Injectable()
export class UserRemoval {
  constructor(
    private readonly users: UsersRepository,
    private readonly policy: Policy,
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends everything by which the user could act and frees their names; roles are taken away by who owns them, on the fact.
   *
   * @param demanded the version that If-Match names, or null for any
   * @throws NotFound, VersionMismatch, OwnAccount, and what `Policy.guardLastAdmin` throws
   */
  @Transactional()
  async delete(id: string, demanded: number | null, caller: Principal): Promise<void> {
    const user = await this.users.lockForChange(id, caller);
    if (user === null || user.deletedAt !== null) throw new NotFound();
    if (demanded !== null && demanded !== user.version) throw new VersionMismatch(demanded, user.version);
    if (caller.id === id) throw new OwnAccount();
    await this.policy.guardLastAdmin(user.tenantId, id);
    await this.users.update(id, { deletedAt: this.clock.now(), ...this.nextVersion(user) });
    await this.sessions.revokeAllOf(id, 'user_disabled');
    const revokedKeys = await this.keys.revokeAllOf(
      { kind: 'user', id, tenantId: user.tenantId },
      'owner_deleted',
    );
    await this.tokens.voidAll(id, ['invite', 'reset', 'verify']);
    await this.events.record(new UserDeleted({ resourceId: id, detail: { revokedKeys } }));
    await this.changes.announce('user', id);
  }

  /** @throws NotFound, UserNotDeleted; UsernameTaken or EmailTaken when somebody has the name by now */
  @Transactional()
  async undelete(id: string, caller: Principal): Promise<User> {
    const user = await this.users.lockForChange(id, caller);
    if (user === null) throw new NotFound();
    if (user.deletedAt === null) throw new UserNotDeleted();
    const change = { deletedAt: null, ...this.nextVersion(user) };
    await this.users.update(id, change);
    await this.events.record(new UserUndeleted({ resourceId: id, detail: {} }));
    await this.changes.announce('user', id);
    return { ...user, ...change };
  }

  private nextVersion(user: User): Pick<User, 'version' | 'updatedAt'> {
    return { version: user.version + 1, updatedAt: this.clock.now() };
  }
}
