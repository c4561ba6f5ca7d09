import { Injectable } from '@nestjs/common';
import { Policy, StepUp } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import { type IssuedToken, OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { isBeyondMember, outranks, Ranks } from '../users/ranks.js';
import { UserDirectory } from '../users/user-directory.js';
import type { InviteUser } from '../users/user.dto.js';
import type { User } from '../users/user.entity.js';
import { TargetOutranksCaller } from '../users/user.errors.js';
import type { InvitedUserView } from '../users/user.view.js';
import { UsersRepository } from '../users/users.repository.js';
import { InviteAlreadyAccepted } from './invite.errors.js';
import { UserInvited } from './invite.events.js';
import { inviteMail } from './invite.mails.js';

/** Inviting people: how accounts come into being unless registration is open. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly users: UsersRepository,
    private readonly directory: UserDirectory,
    private readonly tokens: OneTimeTokens,
    private readonly policy: Policy,
    private readonly ranks: Ranks,
    private readonly stepUp: StepUp,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly configuration: Configuration,
  ) {}

  /** @throws UsernameTaken, EmailTaken, StepUpRequired, and what `Policy.assignRoles` throws */
  @Transactional()
  async invite({ username, email, roles = [] }: InviteUser, caller: Principal): Promise<InvitedUserView> {
    const granted = roles.filter((role) => role !== 'member');
    if (granted.length > 0) this.stepUp.require(caller);
    const id = this.ids.next();
    const now = this.clock.now();
    const keys = { usernameKey: canonicalLogin(username), emailKey: canonicalLogin(email) };
    const times = { createdAt: now, updatedAt: now };
    await this.users.add({
      id,
      tenantId: caller.tenantId,
      username,
      email,
      ...keys,
      ...times,
      createdBy: creator(caller),
    });
    if (granted.length > 0) await this.policy.assignRoles(id, granted);
    const user = await this.expectUser(id, caller);
    const issued = await this.issue(user, caller);
    await this.recordInvite(user, granted, issued, false);
    return this.viewOf(user, issued);
  }

  /** @throws NotFound, InviteAlreadyAccepted, TargetOutranksCaller, StepUpRequired when the user is more than a member */
  @Transactional()
  async reissue(id: string, caller: Principal): Promise<InvitedUserView> {
    const user = await this.expectUser(id, caller);
    if (user.passwordHash !== null || user.oidcSub !== null) throw new InviteAlreadyAccepted();
    // The token is shown to the caller, who could accept it: so they must already hold what it opens.
    const rank = await this.ranks.of(user);
    if (outranks(rank, await this.ranks.ofCaller(caller))) throw new TargetOutranksCaller();
    if (isBeyondMember(rank)) this.stepUp.require(caller);
    const issued = await this.issue(user, caller);
    const roles = (await this.policy.rolesOf([id])).get(id) ?? [];
    await this.recordInvite(user, roles, issued, true);
    return this.viewOf(user, issued);
  }

  private async expectUser(id: string, caller: Principal): Promise<User> {
    const user = await this.users.lockForChange(id, caller);
    if (user === null || user.deletedAt !== null) throw new NotFound();
    return user;
  }

  private async issue(user: User, caller: Principal): Promise<IssuedToken> {
    const { id, tenantId } = user;
    const issued = await this.tokens.issue('invite', { tenantId, subjectId: id, createdBy: creator(caller) });
    await this.mailer.send(inviteMail(user, issued, this.configuration));
    await this.changes.announce('user', id);
    return issued;
  }

  private async recordInvite(
    user: User,
    roles: string[],
    { expiresAt }: IssuedToken,
    reissued: boolean,
  ): Promise<void> {
    const detail = { roles, reissued, expiresAt: expiresAt.toISOString() };
    const personal = { username: user.username, email: user.email };
    await this.events.record(new UserInvited({ resourceId: user.id, detail, personal }));
  }

  private async viewOf(user: User, { token, expiresAt }: IssuedToken): Promise<InvitedUserView> {
    return { ...(await this.directory.viewOf(user)), inviteToken: token, inviteExpiresAt: expiresAt };
  }
}

/** Null for the service itself, which has no UUID. */
function creator(caller: Principal): string | null {
  return caller.kind === 'system' ? null : caller.id;
}
