import { Injectable } from '@nestjs/common';
import { hashToken, KeyRing, mintToken, readToken, type TokenKind } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { Clock, Entropy, Ids, secondsAfter } from '../../../kernel/runtime/index.js';
import { InvalidToken } from './one-time-token.errors.js';
import { OneTimeToken, type TokenPurpose } from './one-time-token.entity.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** What a user gets by mail; the set-up token of a fresh install belongs to nobody and is made in `setup/`. */
export type MailedPurpose = Exclude<TokenPurpose, 'setup'>;

const KINDS: Readonly<Record<MailedPurpose, TokenKind>> = { invite: 'inv', reset: 'rst', verify: 'vfy' };

/** Seconds each kind of token works. */
export const TOKEN_LIFETIME: Readonly<Record<MailedPurpose, number>> = {
  invite: 72 * 3600,
  reset: 3600,
  verify: 24 * 3600,
};

const SWEPT_AT_ONCE = 1_000;

export interface TokenSubject {
  readonly tenantId: string;
  /** Id of the user it is for. */
  readonly subjectId: string;
  readonly createdBy?: string | null;
}

/** A token that has just been used up. */
export interface SpentToken extends TokenSubject {
  /** As given to `issueBeside`; null for tokens of `issue`. */
  readonly payload: string | null;
}

export interface IssuedToken {
  /** Given out this once; only its hash stays. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Tokens that are sent to somebody and work once. */
@Injectable()
export class OneTimeTokens {
  constructor(
    private readonly tokens: OneTimeTokensRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly entropy: Entropy,
  ) {}

  /** A new token; older ones of this purpose for this subject stop working. */
  @Transactional()
  async issue(purpose: MailedPurpose, subject: TokenSubject): Promise<IssuedToken> {
    await this.tokens.voidFor(subject.subjectId, [purpose], this.clock.now());
    return this.add(purpose, subject, null);
  }

  /**
   * A new token beside those that are open already, so that nobody can take away what somebody else was sent.
   *
   * @param payload given back to whoever spends this very token; stored under the key ring
   */
  @Transactional()
  issueBeside(purpose: MailedPurpose, subject: TokenSubject, payload: string): Promise<IssuedToken> {
    return this.add(purpose, subject, payload);
  }

  /**
   * Who the token is for, without spending it, so that an unacceptable password costs nobody their invitation.
   *
   * @throws InvalidToken
   */
  async expectLive(purpose: MailedPurpose, token: string): Promise<TokenSubject> {
    if (!isOfPurpose(purpose, token)) throw new InvalidToken();
    return subjectOf(await this.tokens.live(hashToken(token), purpose, this.clock.now()));
  }

  /**
   * Uses the token up. Of any number of simultaneous calls exactly one returns; if its transaction fails, none has.
   *
   * @throws InvalidToken
   */
  @Transactional()
  async spend(purpose: MailedPurpose, token: string): Promise<SpentToken> {
    if (!isOfPurpose(purpose, token)) throw new InvalidToken();
    const spent = await this.tokens.spend(hashToken(token), purpose, this.clock.now());
    return {
      ...subjectOf(spent),
      payload: spent?.payload == null ? null : this.opened(spent.id, spent.payload),
    };
  }

  /** Ends what is still open for the subject. */
  @Transactional()
  async voidAll(subjectId: string, purposes: readonly MailedPurpose[]): Promise<void> {
    await this.tokens.voidFor(subjectId, purposes, this.clock.now());
  }

  /** How many were made for the subject in the last `seconds`, as far as they have not been swept. */
  issuedWithin(seconds: number, purpose: MailedPurpose, subjectId: string): Promise<number> {
    return this.tokens.issuedSince(purpose, subjectId, secondsAfter(this.clock.now(), -seconds));
  }

  /** Removes what expired; returns how many rows went. */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const swept = await this.sweepSome();
      total += swept;
      if (swept < SWEPT_AT_ONCE) return total;
    }
  }

  private async add(
    purpose: MailedPurpose,
    { tenantId, subjectId, createdBy = null }: TokenSubject,
    payload: string | null,
  ): Promise<IssuedToken> {
    const createdAt = this.clock.now();
    const expiresAt = secondsAfter(createdAt, TOKEN_LIFETIME[purpose]);
    const token = mintToken(KINDS[purpose], this.entropy);
    const id = this.ids.next();
    const sealed = payload === null ? null : this.keyRing.encrypt(payload, placeOf(id));
    const row = { id, tenantId, purpose, tokenHash: hashToken(token), subjectId, payload: sealed, createdBy };
    await this.tokens.add({ ...row, createdAt, expiresAt, usedAt: null });
    return { token, expiresAt };
  }

  private opened(id: string, sealed: string): string {
    return this.keyRing.decrypt(sealed, placeOf(id)).toString('utf8');
  }

  @Transactional()
  private sweepSome(): Promise<number> {
    return this.tokens.sweep(this.clock.now(), SWEPT_AT_ONCE);
  }
}

function subjectOf(token: OneTimeToken | null): TokenSubject {
  if (token === null || token.subjectId === null) throw new InvalidToken();
  return { tenantId: token.tenantId, subjectId: token.subjectId };
}

function isOfPurpose(purpose: MailedPurpose, token: string): boolean {
  return readToken(token)?.kind === KINDS[purpose];
}

/** What the associated data of a sealed payload says about where it lives. */
function placeOf(id: string): string {
  return `one_time_tokens:${id}:payload`;
}
