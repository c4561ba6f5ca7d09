import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Policy } from '../../../kernel/access/index.js';
import { ChangeFeed, type ChangeKind, Transactional } from '../../../kernel/database/index.js';
import { EventLog, type FactActor } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import type { Impersonation } from './impersonation.entity.js';
import { ImpersonationStopped } from './impersonation.events.js';
import { expectImpersonator, IMPERSONATE } from './impersonation.permissions.js';
import { ImpersonationStates } from './impersonation-states.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

/** Which impersonations a change may end: none, those by or of its subject, or any. */
const REACH: Readonly<Record<ChangeKind, 'none' | 'subject' | 'any'>> = {
  session: 'subject',
  user: 'subject',
  tenant: 'any',
  policy: 'any',
  role: 'any',
  group: 'any',
  department: 'any',
  service: 'none',
  key: 'none',
  signing_key: 'none',
  settings: 'none',
  terminal: 'none',
  command: 'none',
  output: 'none',
  approval: 'none',
};

/** How impersonations end before their time, and what is said of those whose time is over. */
@Injectable()
export class ImpersonationEndings implements OnModuleInit {
  constructor(
    private readonly rows: ImpersonationsRepository,
    private readonly states: ImpersonationStates,
    private readonly policy: Policy,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.feed.follow((kind, subject) => this.endThoseLeftBehind(kind, subject));
  }

  /**
   * Ends the impersonation that the request was made with, or, asked for by somebody in their own name, those that were
   * started from their session.
   *
   * @throws Forbidden, and NotFound when there is none
   */
  @Transactional()
  async endCurrent(principal: Principal): Promise<void> {
    expectImpersonator(principal);
    const ended = await this.endManually(principal, this.clock.now());
    if (ended.length === 0) throw new NotFound('Nobody is being acted as from here.');
    await this.tellEnded(ended);
  }

  private async endManually({ credential }: Principal, now: Date): Promise<Impersonation[]> {
    if (credential.kind === 'impersonation') return this.rows.end(credential.impersonationId, 'manual', now);
    return credential.kind === 'session' ? this.rows.endOfSession(credential.familyId, 'manual', now) : [];
  }

  /**
   * Ends it when the session or one of the people is gone, or the right to it.
   *
   * @param by who brought that about; whoever the operation acts for when left out
   */
  @Transactional()
  async endUnlessEntitled(id: string, by?: FactActor): Promise<void> {
    const live = await this.states.now(id);
    if (live !== null && (await this.policy.rightsNow(live.actor)).permissions.has(IMPERSONATE)) return;
    await this.tellEnded(await this.rows.end(id, 'revoked', this.clock.now()), by);
  }

  /** Marks at most `limit` that ran out; returns how many. */
  @Transactional()
  async expire(limit: number): Promise<number> {
    const expired = await this.rows.endExpired(this.clock.now(), limit);
    await this.tellEnded(expired, BY_ITSELF);
    return expired.length;
  }

  /** In the transaction that takes something away, so that nothing that gives it back brings them back. */
  private async endThoseLeftBehind(kind: ChangeKind, subject: string): Promise<void> {
    const reach = REACH[kind];
    if (reach === 'none') return;
    for (const id of await this.rows.live(reach === 'any' ? null : subject)) await this.endUnlessEntitled(id);
  }

  /** @param by who did it; whoever the operation acts for when left out */
  private async tellEnded(ended: readonly Impersonation[], by?: FactActor): Promise<void> {
    for (const row of ended) {
      await this.feed.announce('session', row.id);
      await this.events.record(stopped(row, by));
    }
  }
}

/** Time ends them, and the rights of who acts, without anybody's doing. */
export const BY_ITSELF: FactActor = {
  kind: 'system',
  id: 'auth.impersonations',
  name: 'auth.impersonations',
};

function stopped(row: Impersonation, actor?: FactActor): ImpersonationStopped {
  const { id, tenantId, actorId, userId, reason, endedReason } = row;
  if (endedReason === null) throw new Error('It has not ended.');
  const detail = { actorId, userId, reason, ended: endedReason };
  return new ImpersonationStopped({ resourceId: id, tenantId, actor, detail });
}
