import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock, earlierOf } from '../../../kernel/runtime/index.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { type ImpersonationState, ImpersonationsRepository } from './impersonations.repository.js';

const MOST_IMPERSONATIONS = 1_000;

/** An impersonation that was alive when it was looked at. */
export interface LiveImpersonation {
  readonly state: ImpersonationState;
  readonly actor: Subject;
  readonly user: Subject;
  /** When it is over, or the session behind it unless that is used. */
  readonly endsAt: Date;
}

/** What this process knows about live impersonations, until something about it, the session or the people changes. */
@Injectable()
export class ImpersonationStates {
  private readonly known: TaggedCache<string, LiveImpersonation>;

  constructor(
    private readonly rows: ImpersonationsRepository,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
    feed: ChangeFeed,
  ) {
    this.known = new TaggedCache(feed, {
      max: MOST_IMPERSONATIONS,
      tagsOf: ({ state }) => [
        `session:${state.id}`,
        `session:${state.actorFamilyId}`,
        `user:${state.actorId}`,
        `user:${state.userId}`,
        `tenant:${state.tenantId}`,
      ],
    });
  }

  /** @throws Unauthorized when it, its session, one of the people or the tenant is not alive */
  async get(id: string): Promise<LiveImpersonation> {
    const known = this.known.peek(id);
    // The session may have been refreshed since it was read, which moves its idle end.
    if (known !== undefined && this.isOver(known)) this.known.forget(id);
    const live = await this.known.get(id, async () => {
      const found = await this.look(id);
      if (found === null) throw new Unauthorized();
      return found;
    });
    if (this.isOver(live)) throw new Unauthorized();
    return live;
  }

  /** The same from the database itself, null when it is not alive. */
  async now(id: string): Promise<LiveImpersonation | null> {
    const live = await this.look(id);
    return live === null || this.isOver(live) ? null : live;
  }

  private async look(id: string): Promise<LiveImpersonation | null> {
    const state = await this.rows.stateOf(id);
    if (state === null) return null;
    const { tenantId, actorId, userId } = state;
    const sessionEnd = earlierOf(state.sessionExpiresAt, this.sessions.idleEnd(state));
    return {
      state,
      actor: { kind: 'user', id: actorId, tenantId },
      user: { kind: 'user', id: userId, tenantId },
      endsAt: earlierOf(state.expiresAt, sessionEnd),
    };
  }

  private isOver({ endsAt }: LiveImpersonation): boolean {
    return this.clock.now() >= endsAt;
  }
}
