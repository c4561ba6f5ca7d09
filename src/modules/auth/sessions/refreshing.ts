import { Injectable } from '@nestjs/common';
import { hashToken, KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog, type FactActor } from '../../../kernel/events/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import { InvalidRefreshToken } from '../auth.errors.js';
import { isRefreshToken, successorToken, successorWithHash } from './refresh-token.js';
import type { Session } from './session.entity.js';
import { RefreshReuse, SessionRefreshed, SessionReuseDetected } from './sessions.events.js';
import { type PresentedSession, SessionsRepository } from './sessions.repository.js';
import { Sessions, whereabouts } from './sessions.js';
import type { TokenPairView } from './token-pair.dto.js';

/** What presenting a refresh token comes to. */
type Verdict =
  | { readonly kind: 'pair'; readonly pair: TokenPairView }
  | { readonly kind: 'refused' }
  | { readonly kind: 'reused'; readonly session: PresentedSession };

const REFUSED: Verdict = { kind: 'refused' };

/**
 * Exchanging a refresh token for its successor. A token has exactly one successor. Whoever presents it again shortly
 * after, while that successor is itself unused, is given the same one: a lost answer and two racing tabs look like that.
 * Afterwards two people hold the token, and the session ends for both.
 */
@Injectable()
export class Refreshing {
  constructor(
    private readonly rows: SessionsRepository,
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly ring: KeyRing,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws InvalidRefreshToken for every reason alike */
  async exchange(refreshToken: string): Promise<TokenPairView> {
    if (!isRefreshToken(refreshToken, this.configuration.acceptLegacyTokens)) throw new InvalidRefreshToken();
    const verdict = await this.judge(refreshToken);
    if (verdict.kind === 'pair') return verdict.pair;
    if (verdict.kind === 'reused') await this.endReused(verdict.session);
    throw new InvalidRefreshToken();
  }

  /** One transaction. The row is held from the first statement on, so that of many who present it one rotates. */
  @Transactional()
  private async judge(refreshToken: string): Promise<Verdict> {
    const session = await this.rows.present(hashToken(refreshToken));
    if (session === null || !session.userIsActive || !session.tenantIsActive) return REFUSED;
    const now = this.clock.now();
    if (now >= session.expiresAt) return REFUSED;
    if (session.revoked)
      return session.revokedReason === 'rotated' ? this.judgeSpent(session, refreshToken, now) : REFUSED;
    if (now >= this.rows.idleEnd(session)) return REFUSED;
    return { kind: 'pair', pair: await this.rotate(session, refreshToken, now) };
  }

  private async judgeSpent(session: PresentedSession, refreshToken: string, now: Date): Promise<Verdict> {
    const successor = await this.rows.successorOf(session.id);
    // Ended by something else meanwhile: there is nothing left to end.
    if (successor === null || (successor.revoked && successor.revokedReason !== 'rotated')) return REFUSED;
    if (successor.revoked || !this.isWithinGrace(session, now)) return { kind: 'reused', session };
    const again = successorWithHash(refreshToken, successor.refreshTokenHash, this.ring);
    return again === null ? REFUSED : { kind: 'pair', pair: this.sessions.pairOf(successor, again) };
  }

  private isWithinGrace({ revokedAt }: Session, now: Date): boolean {
    return (
      revokedAt !== null &&
      now.getTime() - revokedAt.getTime() <= this.configuration.refreshGraceSeconds * 1000
    );
  }

  private async rotate(session: PresentedSession, refreshToken: string, now: Date): Promise<TokenPairView> {
    const token = successorToken(refreshToken, this.ring);
    const successor = this.successorOf(session, token, now);
    await this.rows.markRotated(session.id, now);
    await this.rows.add(successor);
    await this.events.record(refreshed(session, successor));
    return this.sessions.pairOf(successor, token);
  }

  private successorOf(session: Session, token: string, now: Date): Session {
    const {
      tenantId,
      userId,
      familyId,
      deviceFingerprint,
      deviceLabel,
      authProvider,
      amr,
      authenticatedAt,
      expiresAt,
    } = session;
    return {
      ...{
        tenantId,
        userId,
        familyId,
        deviceFingerprint,
        deviceLabel,
        authProvider,
        amr,
        authenticatedAt,
        expiresAt,
      },
      ...whereabouts(),
      id: this.ids.next(),
      refreshTokenHash: hashToken(token),
      createdAt: now,
      lastActiveAt: now,
      revoked: false,
      revokedAt: null,
      revokedReason: null,
      previousSessionId: session.id,
    };
  }

  /**
   * A transaction of its own: it must last although the answer is a refusal, and it takes the user's row alone, which a
   * transaction that holds it shared cannot do without risking a deadlock.
   */
  @Transactional()
  private async endReused(session: PresentedSession): Promise<void> {
    const { id, familyId, userId, tenantId } = session;
    await this.rows.lockUser(userId);
    const ended = await this.rows.endFamily(familyId, 'reuse_detected', this.clock.now());
    // Somebody else who saw the same reuse has ended it.
    if (ended.length === 0) return;
    await this.sessions.tellEnded(ended, 'reuse_detected', NOBODY);
    const about = { tenantId, actor: NOBODY, outcome: 'denied', detail: { userId, sessionId: id } } as const;
    await this.events.record(new SessionReuseDetected({ ...about, resourceId: familyId }));
    await this.events.record(new RefreshReuse({ ...about, resourceId: userId }));
  }
}

/** Which of the two it is that holds the token is what nobody knows. */
const NOBODY: FactActor = { kind: 'anonymous', id: null, name: null };

function refreshed(session: PresentedSession, successor: Session): SessionRefreshed {
  const { userId, familyId, tenantId, username } = session;
  return new SessionRefreshed({
    resourceId: familyId,
    tenantId,
    actor: { kind: 'user', id: userId, name: username },
    detail: { userId, sessionId: successor.id, previousSessionId: session.id },
  });
}
