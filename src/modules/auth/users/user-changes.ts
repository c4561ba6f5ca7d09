import { Injectable } from '@nestjs/common';
import { Policy, StepUp } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { Sessions } from '../sessions/sessions.js';
import { outranks, Ranks } from './ranks.js';
import type { ChangeUser } from './user.dto.js';
import type { User } from './user.entity.js';
import { OwnAccount, TargetOutranksCaller } from './user.errors.js';
import { TerminalFlagsChanged, UserDisabled, UserEnabled, UserUpdated } from './user.events.js';
import { addressChangedMail } from './user.mails.js';
import { UsersRepository } from './users.repository.js';

export const DISABLED_BY_ADMIN = 'disabled_by_admin';

/** Changing a user as an administrator does. */
@Injectable()
export class UserChanges {
  constructor(
    private readonly users: UsersRepository,
    private readonly policy: Policy,
    private readonly ranks: Ranks,
    private readonly stepUp: StepUp,
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /**
   * @param demanded the version that If-Match names, or null for any
   * @throws NotFound, VersionMismatch, OwnAccount, StepUpRequired, UsernameTaken, EmailTaken, TargetOutranksCaller, and
   *   what `Policy.assignRoles` and `Policy.guardLastAdmin` throw
   */
  @Transactional()
  async apply(id: string, change: ChangeUser, demanded: number | null, caller: Principal): Promise<User> {
    const user = await this.expectCurrent(id, demanded, caller);
    const differing = differences(user, change);
    const columns: Partial<User> = { ...differing, version: user.version + 1, updatedAt: this.clock.now() };
    const changed: string[] = [];

    if (differing.username !== undefined) {
      columns.usernameKey = canonicalLogin(differing.username);
      changed.push('username');
    }
    if (differing.email !== undefined) {
      Object.assign(columns, await this.changeAddress(user, differing.email, caller));
      changed.push('email');
    }
    if (differing.isActive !== undefined)
      columns.disabledReason = await this.switch(user, differing.isActive, caller);
    if (setsTerminalFlags(differing)) await this.recordFlags(user, differing, caller);

    await this.users.update(id, columns);
    if (await this.changeRoles(user, change.roles, caller)) changed.push('roles');
    if (changed.length > 0 || Object.keys(differing).length === 0)
      await this.recordUpdate(user, differing, changed);
    await this.changes.announce('user', id);
    return { ...user, ...columns };
  }

  private async expectCurrent(id: string, demanded: number | null, caller: Principal): Promise<User> {
    const user = await this.users.lockForChange(id, caller);
    if (user === null || user.deletedAt !== null) throw new NotFound();
    if (demanded !== null && demanded !== user.version) throw new VersionMismatch(demanded, user.version);
    return user;
  }

  /** Whoever reads the mailbox can become the user, so this is guarded like giving away the user's rights. */
  private async changeAddress(user: User, email: string, caller: Principal): Promise<Partial<User>> {
    this.stepUp.require(caller);
    if (outranks(await this.ranks.of(user), await this.ranks.ofCaller(caller)))
      throw new TargetOutranksCaller();
    // What was mailed to the old address must not open the account any more.
    await this.tokens.voidAll(user.id, ['invite', 'reset', 'verify']);
    await this.mailer.send(addressChangedMail(user, email, this.configuration.publicUrl));
    return { emailKey: canonicalLogin(email), emailVerifiedAt: this.clock.now() };
  }

  private async switch(user: User, isActive: boolean, caller: Principal): Promise<string | null> {
    if (isActive) {
      await this.events.record(new UserEnabled({ resourceId: user.id, detail: {} }));
      return null;
    }
    if (caller.id === user.id) throw new OwnAccount();
    await this.policy.guardLastAdmin(user.tenantId, user.id);
    const revokedKeys = await this.endAccess(user);
    const detail = { reason: DISABLED_BY_ADMIN, revokedKeys };
    await this.events.record(new UserDisabled({ resourceId: user.id, detail }));
    return DISABLED_BY_ADMIN;
  }

  /** For good: enabling the user brings none of it back. Returns how many keys ended. */
  private async endAccess({ id, tenantId }: User): Promise<number> {
    await this.sessions.revokeAllOf(id, 'user_disabled');
    await this.tokens.voidAll(id, ['invite', 'reset', 'verify']);
    return this.keys.revokeAllOf({ kind: 'user', id, tenantId }, 'owner_disabled');
  }

  private async recordFlags(user: User, differing: Partial<User>, caller: Principal): Promise<void> {
    this.stepUp.require(caller);
    const { isTerminalAuthorized, isServerTerminalAuthorized } = { ...user, ...differing };
    const detail = { isTerminalAuthorized, isServerTerminalAuthorized };
    await this.events.record(new TerminalFlagsChanged({ resourceId: user.id, detail }));
  }

  private async changeRoles(
    user: User,
    wanted: readonly string[] | undefined,
    caller: Principal,
  ): Promise<boolean> {
    if (wanted === undefined) return false;
    const present = (await this.policy.rolesOf([user.id])).get(user.id) ?? [];
    if (isSameSet(present, [...wanted, 'member'])) return false;
    this.stepUp.require(caller);
    await this.policy.assignRoles(user.id, wanted);
    return true;
  }

  private async recordUpdate(user: User, differing: Partial<User>, changed: string[]): Promise<void> {
    const { username, email } = differing;
    const personal = {
      ...(username === undefined ? {} : { username: { from: user.username, to: username } }),
      ...(email === undefined ? {} : { email: { from: user.email, to: email } }),
    };
    await this.events.record(
      new UserUpdated({ resourceId: user.id, detail: { changed: changed.sort() }, personal }),
    );
  }
}

type Column = 'username' | 'email' | 'isActive' | 'isTerminalAuthorized' | 'isServerTerminalAuthorized';
const COLUMNS: readonly Column[] = [
  'username',
  'email',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
];

/** The columns whose value would really change: sending the present value back changes nothing and needs no step-up. */
function differences(user: User, change: ChangeUser): Partial<Pick<User, Column>> {
  const differing = COLUMNS.filter(
    (column) => change[column] !== undefined && change[column] !== user[column],
  );
  return Object.fromEntries(differing.map((column) => [column, change[column]]));
}

function setsTerminalFlags(differing: Partial<User>): boolean {
  return differing.isTerminalAuthorized !== undefined || differing.isServerTerminalAuthorized !== undefined;
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const left = new Set(some);
  const right = new Set(others);
  left.add('member');
  return left.size === right.size && [...left].every((name) => right.has(name));
}
