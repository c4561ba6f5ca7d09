import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { UsersRepository } from '../users/users.repository.js';
import { EmailVerified } from './registration.events.js';

/** The proof that somebody reads the mailbox they registered with; nobody signs in before. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidToken */
  @Transactional()
  async verify(token: string): Promise<void> {
    const { tenantId, subjectId } = await this.tokens.spend('verify', token);
    const user = await this.users.lockForLogin(subjectId);
    if (user === null) throw new InvalidToken();
    const now = this.clock.now();
    await this.users.update(user.id, { emailVerifiedAt: now, updatedAt: now, version: user.version + 1 });
    const actor = { kind: 'user' as const, id: user.id, name: user.username };
    await this.events.record(new EmailVerified({ resourceId: user.id, tenantId, actor, detail: {} }));
    await this.changes.announce('user', user.id);
  }
}
