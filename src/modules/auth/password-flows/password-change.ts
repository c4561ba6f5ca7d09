import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { WrongPassword } from '../auth.errors.js';
import { PasswordProof } from '../login/password-proof.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { Sessions } from '../sessions/sessions.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { NewPasswords } from './new-passwords.js';
import type { ChangePassword } from './password.dto.js';
import { PasswordChanged } from './password.events.js';
import { passwordChangedMail } from './password.mails.js';

/** Changing one's own password. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly proof: PasswordProof,
    private readonly passwords: NewPasswords,
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Ends every session but the one that asks.
   *
   * @throws WrongPassword, AccountLocked, ValidationFailed for a new password that the policy refuses
   */
  async change(principal: Principal, { currentPassword, newPassword }: ChangePassword): Promise<void> {
    const user = await this.proof.require(principal, currentPassword);
    const passwordHash = await this.passwords.hash(newPassword, user, '/newPassword');
    await this.complete(user, passwordHash, principal);
  }

  @Transactional()
  private async complete(proven: User, passwordHash: string, { credential }: Principal): Promise<void> {
    const user = await this.users.lockForLogin(proven.id);
    // Somebody was faster: what was proved is no longer the current password. Another hash of it would be no change.
    if (user === null || !isSameInstant(user.passwordChangedAt, proven.passwordChangedAt))
      throw new WrongPassword();
    const now = this.clock.now();
    await this.users.setPassword(user.id, passwordHash, now);
    await this.tokens.voidAll(user.id, ['reset']);
    const exceptFamilyId = credential.kind === 'session' ? credential.familyId : undefined;
    await this.sessions.revokeAllOf(user.id, 'password_changed', { exceptFamilyId });
    await this.mailer.send(passwordChangedMail(user, now, this.configuration));
    await this.events.record(new PasswordChanged({ resourceId: user.id, detail: {} }));
    // Tokens without a session are judged by the instant of the change, which is part of the user.
    await this.changes.announce('user', user.id);
  }
}

function isSameInstant(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
