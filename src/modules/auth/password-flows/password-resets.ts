import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { Sessions } from '../sessions/sessions.js';
import { UsersRepository } from '../users/users.repository.js';
import { NewPasswords } from './new-passwords.js';
import type { ResetPassword } from './password.dto.js';
import { PasswordReset } from './password.events.js';
import { passwordChangedMail } from './password.mails.js';

/** A new password for a mailed token. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly passwords: NewPasswords,
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Ends every session. A refused password leaves the token as it was; a disabled user stays disabled.
   *
   * @throws InvalidToken, ValidationFailed
   */
  async reset({ token, newPassword }: ResetPassword): Promise<void> {
    const { tenantId, subjectId } = await this.tokens.expectLive('reset', token);
    const user = await this.users.byId(subjectId, { tenantId });
    if (user === null) throw new InvalidToken();
    await this.complete(user.id, token, await this.passwords.hash(newPassword, user, '/newPassword'));
  }

  @Transactional()
  private async complete(userId: string, token: string, passwordHash: string): Promise<void> {
    // The user before the token, as everybody takes them who voids tokens.
    const user = await this.users.lockForLogin(userId);
    if (user === null) throw new InvalidToken();
    const { tenantId } = await this.tokens.spend('reset', token);
    const now = this.clock.now();
    // Whoever has the token reads the mailbox, so the address is proved as well.
    await this.users.setPassword(user.id, passwordHash, now, now);
    // An invitation or verification still under way would be another way to choose the password.
    await this.tokens.voidAll(user.id, ['invite', 'reset', 'verify']);
    await this.sessions.revokeAllOf(user.id, 'password_changed');
    await this.mailer.send(passwordChangedMail(user, now, this.configuration));
    const actor = { kind: 'user' as const, id: user.id, name: user.username };
    await this.events.record(new PasswordReset({ resourceId: user.id, tenantId, actor, detail: {} }));
    await this.changes.announce('user', user.id);
  }
}
