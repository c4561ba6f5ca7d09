import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { type SessionState, SessionsRepository } from '../sessions/sessions.repository.js';

const MOST_SESSIONS = 50_000;

/** A session that was alive when it was looked at, with its user and tenant. */
export interface LiveSession {
  readonly state: SessionState;
  /** Who it is, for the policy; the same object for as long as the state is. */
  readonly subject: Subject;
  /** When it is over unless it is used, by the clock. */
  readonly endsAtMs: number;
}

/** What this process knows about live sessions, by `sid`, until something about session, user or tenant changes. */
@Injectable()
export class SessionStates {
  private readonly known: TaggedCache<string, LiveSession>;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
    feed: ChangeFeed,
  ) {
    this.known = new TaggedCache(feed, {
      max: MOST_SESSIONS,
      tagsOf: ({ state }) => [
        `session:${state.familyId}`,
        `user:${state.userId}`,
        `tenant:${state.tenantId}`,
      ],
    });
  }

  /** Without waiting; undefined when it is not known, or only was. */
  peek(sessionId: string, nowMs: number): LiveSession | undefined {
    const live = this.known.peek(sessionId);
    return live !== undefined && nowMs < live.endsAtMs ? live : undefined;
  }

  /** @throws Unauthorized when the session, its user or its tenant is not alive */
  async get(sessionId: string): Promise<LiveSession> {
    const now = this.clock.nowMs();
    // It may have been refreshed since it was read, which moves its idle end.
    if (this.peek(sessionId, now) === undefined) this.known.forget(sessionId);
    const live = await this.known.get(sessionId, () => this.load(sessionId));
    if (this.clock.nowMs() >= live.endsAtMs) throw new Unauthorized();
    return live;
  }

  private async load(sessionId: string): Promise<LiveSession> {
    const state = await this.sessions.stateOf(sessionId);
    if (state === null) throw new Unauthorized();
    const { userId, tenantId, expiresAt } = state;
    const endsAtMs = Math.min(expiresAt.getTime(), this.sessions.idleEnd(state).getTime());
    return { state, subject: { kind: 'user', id: userId, tenantId }, endsAtMs };
  }
}
