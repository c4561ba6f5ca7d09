import { Injectable } from '@nestjs/common';
import { hashToken, KeyRing, readToken, tokenFromBytes } from '../../../kernel/crypto/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import type { OneTimeToken } from '../one-time-tokens/one-time-token.entity.js';
import { OneTimeTokensRepository } from '../one-time-tokens/one-time-tokens.repository.js';

const LIFETIME_MS = 24 * 3600 * 1000;
/** With less left than this a start prints a new token rather than one that soon stops working. */
const WORTH_PRINTING_MS = 12 * 3600 * 1000;

export interface SetupToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * The token by which the first administrator of a fresh install is made. It is derived from its row with the key ring:
 * only its hash is stored, and yet every process of the install, and every restart, prints the same one. Otherwise each
 * of several processes starting side by side would void what the others have just printed.
 */
@Injectable()
export class SetupTokens {
  constructor(
    private readonly tokens: OneTimeTokensRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Call it holding the tenant's row. */
  async current(): Promise<SetupToken> {
    const now = this.clock.now();
    const live = await this.tokens.liveOf('setup', null, now);
    const known = live === null ? null : this.derived(live.id);
    const isWorthPrinting = live !== null && live.expiresAt.getTime() - now.getTime() > WORTH_PRINTING_MS;
    // Another root of the key ring derives another token: then the old one cannot be printed, only replaced.
    if (isWorthPrinting && known !== null && hashToken(known) === live.tokenHash) {
      return { token: known, expiresAt: live.expiresAt };
    }
    return this.issue(now);
  }

  /** Uses the token up; false when it is unknown, used or expired. */
  async spend(token: string): Promise<boolean> {
    if (readToken(token)?.kind !== 'stp') return false;
    return (await this.tokens.spend(hashToken(token), 'setup', this.clock.now())) !== null;
  }

  async isLive(token: string): Promise<boolean> {
    if (readToken(token)?.kind !== 'stp') return false;
    return (await this.tokens.live(hashToken(token), 'setup', this.clock.now())) !== null;
  }

  private async issue(now: Date): Promise<SetupToken> {
    await this.tokens.voidFor(null, ['setup'], now);
    const id = this.ids.next();
    const token = this.derived(id);
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    await this.tokens.add({ ...ofNobody, id, tokenHash: hashToken(token), createdAt: now, expiresAt });
    return { token, expiresAt };
  }

  private derived(id: string): string {
    return tokenFromBytes('stp', this.keyRing.mac('set-up token', id));
  }
}

const ofNobody: Pick<
  OneTimeToken,
  'tenantId' | 'purpose' | 'subjectId' | 'payload' | 'createdBy' | 'usedAt'
> = {
  tenantId: DEFAULT_TENANT_ID,
  purpose: 'setup',
  subjectId: null,
  payload: null,
  createdBy: null,
  usedAt: null,
};
