import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { CredentialNotAllowed, NotFound, Unauthorized } from '../../../kernel/problem/index.js';
import { Clock, earlierOf, Ids, secondsAfter } from '../../../kernel/runtime/index.js';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { isWithin, type Rank, Ranks } from '../users/ranks.js';
import type { User } from '../users/user.entity.js';
import { TargetOutranksCaller } from '../users/user.errors.js';
import { UsersRepository } from '../users/users.repository.js';
import type { StartedImpersonationView, StartImpersonation } from './impersonation.dto.js';
import type { Impersonation } from './impersonation.entity.js';
import {
  OwnImpersonation,
  ReasonTooShort,
  SHORTEST_REASON,
  TargetNotActive,
} from './impersonation.errors.js';
import { ImpersonationStarted } from './impersonation.events.js';
import { expectRight } from './impersonation.permissions.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

const LIFETIME_SECONDS = 15 * 60;

/** Beginning to act as another user. */
@Injectable()
export class ImpersonationStart {
  constructor(
    private readonly rows: ImpersonationsRepository,
    private readonly users: UsersRepository,
    private readonly ranks: Ranks,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokens,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws ReasonTooShort, OwnImpersonation, Forbidden, NotFound, TargetNotActive, TargetOutranksCaller */
  @Transactional()
  async start(wish: StartImpersonation, caller: Principal): Promise<StartedImpersonationView> {
    const reason = wish.reason.trim();
    if ([...reason].length < SHORTEST_REASON) throw new ReasonTooShort();
    if (wish.userId === caller.id) throw new OwnImpersonation();
    await this.rows.holdPeople([caller.id, wish.userId], caller);
    const user = await this.expectSuitable(wish.userId, caller, await this.rankNow(caller));
    const session = await this.expectSession(caller);
    const row = this.rowFor(user, reason, caller, session);
    await this.rows.add(row);
    await this.events.record(started(row));
    return this.view(row, session);
  }

  private async expectSuitable(userId: string, scope: TenantScope, actor: Rank): Promise<User> {
    const user = await this.users.byId(userId, scope);
    if (user === null) throw new NotFound();
    if (!user.isActive || user.emailVerifiedAt === null) throw new TargetNotActive();
    if (!isWithin(await this.ranks.of(user), actor))
      throw new TargetOutranksCaller('This user has rights that you do not have.');
    return user;
  }

  /** Not the one that the request came with: what it lets somebody begin outlives the request. */
  private async rankNow(caller: Principal): Promise<Rank> {
    const actor = await this.users.byId(caller.id, caller);
    if (actor === null) throw new Unauthorized();
    const rank = await this.ranks.of(actor);
    expectRight(rank.permissions.everywhere);
    return rank;
  }

  /** As it is now: it may have been ended since the request was let in. */
  private async expectSession({ credential }: Principal): Promise<Session> {
    if (credential.kind !== 'session') throw new CredentialNotAllowed('This takes a session of your own.');
    const session = await this.sessions.liveOfFamily(credential.familyId, this.clock.now());
    if (session === null) throw new Unauthorized();
    return session;
  }

  private rowFor(user: User, reason: string, caller: Principal, session: Session): Impersonation {
    const now = this.clock.now();
    return {
      id: this.ids.next(),
      tenantId: caller.tenantId,
      actorId: caller.id,
      actorName: caller.name,
      actorFamilyId: session.familyId,
      userId: user.id,
      userName: user.username,
      reason,
      createdAt: now,
      expiresAt: earlierOf(secondsAfter(now, LIFETIME_SECONDS), session.expiresAt),
      endedAt: null,
      endedReason: null,
    };
  }

  private view(row: Impersonation, { amr, authenticatedAt }: Session): StartedImpersonationView {
    const { id, userId, tenantId, actorId, expiresAt } = row;
    const about = { id, userId, tenantId, amr, authenticatedAt };
    return { id, accessToken: this.tokens.mintForActor(about, actorId, expiresAt), expiresAt };
  }
}

function started({ id, actorId, userId, reason, expiresAt }: Impersonation): ImpersonationStarted {
  const detail = { actorId, userId, reason, expiresAt: expiresAt.toISOString() };
  return new ImpersonationStarted({ resourceId: id, detail });
}
