import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock, Entropy } from '../../../kernel/runtime/index.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { UsernameTaken } from '../users/user.errors.js';
import { UsersRepository } from '../users/users.repository.js';
import type { ProvenRegistration } from './proven-registration.js';
import { EmailVerified } from './registration.events.js';
import { usernameFromEmail } from './username-from-email.js';

/** The proof that somebody reads the mailbox they registered with; nobody signs in before. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
  ) {}

  /** @throws InvalidToken */
  async verify(token: string): Promise<void> {
    const { subjectId } = await this.tokens.expectLive('verify', token);
    try {
      await this.complete(subjectId, token, null);
    } catch (error) {
      // Somebody else took the name since the mail was written. The mail address signs in as well as any name.
      if (!(error instanceof UsernameTaken)) throw error;
      await this.complete(subjectId, token, this.entropy.bytes(3).toString('hex'));
    }
  }

  /**
   * Only what this token carries becomes the account's password and name; what others registered for it is void.
   *
   * @param suffix makes a name of the mail address instead of the one that was registered
   */
  @Transactional()
  private async complete(userId: string, token: string, suffix: string | null): Promise<void> {
    const user = await this.users.lockForLogin(userId);
    if (user === null) throw new InvalidToken();
    const { tenantId, payload } = await this.tokens.spend('verify', token);
    if (payload === null || user.emailVerifiedAt !== null) throw new InvalidToken();
    const registered = JSON.parse(payload) as ProvenRegistration;
    const username = suffix === null ? registered.username : usernameFromEmail(user.email, suffix);
    const now = this.clock.now();
    await this.users.setPassword(user.id, registered.passwordHash, now, now);
    const names = { username, usernameKey: canonicalLogin(username) };
    await this.users.update(user.id, { ...names, updatedAt: now, version: user.version + 1 });
    await this.tokens.voidAll(user.id, ['reset', 'verify']);
    const actor = { kind: 'user' as const, id: user.id, name: username };
    await this.events.record(new EmailVerified({ resourceId: user.id, tenantId, actor, detail: {} }));
    await this.changes.announce('user', user.id);
  }
}
