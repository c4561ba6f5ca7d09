import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { CredentialNotAllowed, Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { AccessTokens } from '../access-tokens/access-tokens.js';
import { SessionReauthenticated } from '../sessions/sessions.events.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { AccessTokenView } from '../sessions/token-pair.dto.js';
import { isSessionless } from '../sessions/sessionless.js';
import { PasswordProof } from './password-proof.js';

/** Proving again who one is, for routes that ask for a fresh proof. */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly proof: PasswordProof,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokens,
    private readonly events: EventLog,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** @throws WrongPassword, AccountLocked, PasswordChecksBusy */
  async withPassword(principal: Principal, password: string): Promise<AccessTokenView> {
    const { credential } = principal;
    if (credential.kind !== 'session' || isSessionless(credential)) {
      throw new CredentialNotAllowed('Only a session that this service started can be authenticated again.');
    }
    await this.proof.require(principal, password);
    return this.refreshProof(principal, credential.familyId);
  }

  @Transactional()
  private async refreshProof(principal: Principal, familyId: string): Promise<AccessTokenView> {
    // A refresh under way holds the user's row shared; after it the family has another live row.
    await this.sessions.lockUser(principal.id);
    const session = await this.sessions.reauthenticated(familyId, this.clock.now());
    // It was ended while the password was being checked.
    if (session === null) throw new Unauthorized();
    await this.feed.announce('session', familyId);
    await this.events.record(
      new SessionReauthenticated({ resourceId: familyId, detail: { userId: principal.id } }),
    );
    return this.tokens.mint(session);
  }
}
