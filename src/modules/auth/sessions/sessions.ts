import { Injectable } from '@nestjs/common';
import { hashToken, mintToken } from '../../../kernel/crypto/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog, type Fact, type FactActor } from '../../../kernel/events/index.js';
import { currentOperation } from '../../../kernel/operation/index.js';
import {
  Clock,
  Configuration,
  earlierOf,
  Entropy,
  Ids,
  secondsAfter,
} from '../../../kernel/runtime/index.js';
import { sessionsCap, SettingsStore } from '../../../kernel/settings/index.js';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { type RevokedReason, type Session, UNKNOWN_DEVICE, UNKNOWN_FINGERPRINT } from './session.entity.js';
import { SessionRevoked, SessionStarted } from './sessions.events.js';
import { type EndedSession, SessionsRepository } from './sessions.repository.js';
import type { TokenPairView } from './token-pair.dto.js';

const LONGEST_USER_AGENT = 512;
const LONGEST_IP = 64;

/** Who signs in. */
export interface SessionOwner {
  readonly id: string;
  readonly tenantId: string;
  readonly username: string;
}

/** How they proved it, and on what. */
export interface SignIn {
  /** Methods of authentication (RFC 8176), `['pwd']` for a password. */
  readonly amr: readonly string[];
  /** `local` unless an identity provider vouched. */
  readonly authProvider?: string;
  readonly deviceLabel?: string;
  readonly deviceFingerprint?: string;
}

/** A session that is about to start. */
export interface SessionDraft {
  readonly session: Session;
  /** The token whose hash the session has. */
  readonly refreshToken: string;
  readonly started: SessionStarted;
}

/** The sessions of users. A session is a family of rows, of which one is live. */
@Injectable()
export class Sessions {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly settings: SettingsStore,
    private readonly tokens: AccessTokens,
    private readonly events: EventLog,
    private readonly feed: ChangeFeed,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly entropy: Entropy,
  ) {}

  /** Signs the user in: a new session and its first pair of tokens. Ends the least recently active ones above the cap. */
  @Transactional()
  async start(owner: SessionOwner, signIn: SignIn): Promise<TokenPairView> {
    await this.sessions.touchUser(owner.id, this.clock.now());
    return this.startLocked(owner, signIn);
  }

  /**
   * The same for a caller whose transaction has written the time of the login to the user's row, and holds it so.
   *
   * @param occasion further facts of the sign-in, written together with the one of the session
   */
  @Transactional()
  async startLocked(
    owner: SessionOwner,
    signIn: SignIn,
    occasion: (sessionId: string) => Fact[] = () => [],
  ): Promise<TokenPairView> {
    const cap = await this.capFor(owner);
    const { session, refreshToken, started } = this.drafted(owner, signIn);
    const evicted = await this.sessions.addWithin(cap, session);
    await this.tellEnded(evicted, 'session_cap_eviction', actorOf(owner));
    await this.events.record(started, ...occasion(session.id));
    return this.pairOf(session, refreshToken);
  }

  /** A session that is written nowhere yet. */
  drafted(owner: SessionOwner, signIn: SignIn): SessionDraft {
    const refreshToken = mintToken('ref', this.entropy);
    const session = this.firstOfFamily(owner, signIn, refreshToken, this.clock.now());
    return { session, refreshToken, started: startedBy(owner, session) };
  }

  /** How many sessions the user may have at a time. */
  capFor({ tenantId }: SessionOwner): Promise<number> {
    return this.settings.get(tenantId, sessionsCap);
  }

  /** Ends one session of the user. Returns whether it was live. */
  @Transactional()
  async revokeFamily(userId: string, familyId: string, reason: RevokedReason): Promise<boolean> {
    await this.sessions.lockUser(userId);
    const ended = await this.sessions.endFamily(familyId, reason, this.clock.now());
    await this.tellEnded(ended, reason);
    return ended.length > 0;
  }

  /** Ends all sessions of the user, less one if wanted. Returns how many were live. */
  @Transactional()
  async revokeAllOf(
    userId: string,
    reason: RevokedReason,
    { exceptFamilyId }: { exceptFamilyId?: string } = {},
  ): Promise<number> {
    await this.sessions.lockUser(userId);
    const ended = await this.sessions.endAllOf(userId, reason, this.clock.now(), exceptFamilyId ?? null);
    await this.tellEnded(ended, reason);
    return ended.length;
  }

  /** The body that goes with a live row and the refresh token that is its. */
  pairOf(session: Session, refreshToken: string): TokenPairView {
    const refreshExpiresAt = earlierOf(session.expiresAt, this.sessions.idleEnd(session));
    return { ...this.tokens.mint(session), refreshToken, refreshExpiresAt, sessionId: session.id };
  }

  /** Marks at most `limit` sessions that ran out; returns how many. */
  @Transactional()
  async expire(limit: number): Promise<number> {
    const expired = await this.sessions.markExpired(this.clock.now(), limit);
    await this.tellEnded(expired, 'expired');
    return expired.length;
  }

  /**
   * Puts on record that these sessions ended, and tells every process. In the transaction that ended them.
   *
   * @param actor who did it; whoever the operation acts for when left out
   */
  async tellEnded(ended: readonly EndedSession[], reason: RevokedReason, actor?: FactActor): Promise<void> {
    for (const { id, familyId, userId, tenantId } of ended) {
      await this.feed.announce('session', familyId);
      const detail = { userId, sessionId: id, reason };
      await this.events.record(new SessionRevoked({ resourceId: familyId, tenantId, actor, detail }));
    }
  }

  private firstOfFamily(owner: SessionOwner, signIn: SignIn, refreshToken: string, now: Date): Session {
    const id = this.ids.next();
    return {
      id,
      tenantId: owner.tenantId,
      userId: owner.id,
      familyId: id,
      refreshTokenHash: hashToken(refreshToken),
      deviceFingerprint: signIn.deviceFingerprint ?? UNKNOWN_FINGERPRINT,
      deviceLabel: signIn.deviceLabel ?? UNKNOWN_DEVICE,
      ...whereabouts(),
      authProvider: signIn.authProvider ?? 'local',
      amr: [...signIn.amr],
      authenticatedAt: now,
      createdAt: now,
      lastActiveAt: now,
      expiresAt: secondsAfter(now, this.configuration.refreshTtlSeconds),
      revoked: false,
      revokedAt: null,
      revokedReason: null,
      previousSessionId: null,
    };
  }
}

/** Address and program of the request, cut to what the columns hold. */
export function whereabouts(): Pick<Session, 'ip' | 'userAgent'> {
  const { clientIp, userAgent } = currentOperation();
  return {
    ip: clientIp?.slice(0, LONGEST_IP) ?? null,
    userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
  };
}

function startedBy(owner: SessionOwner, session: Session): SessionStarted {
  const { userId, id, familyId, tenantId, authProvider, amr } = session;
  return new SessionStarted({
    resourceId: familyId,
    tenantId,
    actor: actorOf(owner),
    detail: { userId, sessionId: id, authProvider, amr },
  });
}

function actorOf({ id, username }: SessionOwner): FactActor {
  return { kind: 'user', id, name: username };
}
