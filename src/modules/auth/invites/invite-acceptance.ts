import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { NewPasswords } from '../password-flows/new-passwords.js';
import { Sessions } from '../sessions/sessions.js';
import type { TokenPairView } from '../sessions/token-pair.dto.js';
import { UsersRepository } from '../users/users.repository.js';
import type { AcceptInvite } from './invite.dto.js';
import { InviteAccepted } from './invite.events.js';

/** The invited person's side: a password for a token. */
@Injectable()
export class InviteAcceptance {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly passwords: NewPasswords,
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets the first password and signs in. A refused password leaves the token as it was.
   *
   * @throws InvalidToken, also for users who are disabled; ValidationFailed for a password that the policy refuses
   */
  async accept({ token, password }: AcceptInvite): Promise<TokenPairView> {
    const { tenantId, subjectId } = await this.tokens.expectLive('invite', token);
    const user = await this.users.byId(subjectId, { tenantId });
    if (user === null) throw new InvalidToken();
    const passwordHash = await this.passwords.hash(password, user, '/password');
    return this.complete(user.id, token, passwordHash);
  }

  @Transactional()
  private async complete(userId: string, token: string, passwordHash: string): Promise<TokenPairView> {
    // The user before the token, as everybody takes them who voids tokens.
    const user = await this.users.lockForLogin(userId);
    if (user === null || !user.isActive) throw new InvalidToken();
    const { tenantId } = await this.tokens.spend('invite', token);
    const now = this.clock.now();
    await this.users.setPassword(user.id, passwordHash, now, now);
    // Both were mailed to the same person; a password chosen just now ends other ways of choosing one.
    await this.tokens.voidAll(user.id, ['reset', 'verify']);
    const actor = { kind: 'user' as const, id: user.id, name: user.username };
    await this.events.record(new InviteAccepted({ resourceId: user.id, tenantId, actor, detail: {} }));
    await this.changes.announce('user', user.id);
    return this.sessions.start(user, { amr: ['pwd'] });
  }
}
