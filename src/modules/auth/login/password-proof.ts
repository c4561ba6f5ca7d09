import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/operation/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { WrongPassword } from '../auth.errors.js';
import { Lockout } from '../lockout/lockout.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { FailedLogins } from './failed-logins.js';
import { PasswordChecks } from './password-checks.js';

/**
 * The current password once more, from somebody who is signed in. It counts to the same lockout as logins by username,
 * so a stolen session is no way round it.
 */
@Injectable()
export class PasswordProof {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: PasswordChecks,
    private readonly lockout: Lockout,
    private readonly failures: FailedLogins,
  ) {}

  /**
   * Call it outside a transaction: it takes tens of milliseconds, and what it counts must last whatever happens next.
   *
   * @returns the user as they were when the password was checked
   * @throws WrongPassword, AccountLocked, PasswordChecksBusy
   */
  async require(principal: Principal, password: string): Promise<User> {
    const user = await this.users.byId(principal.id, principal);
    if (user === null) throw new Unauthorized();
    const keys = this.lockout.keysFor(user.tenantId, user.usernameKey);
    await this.lockout.expectOpen(keys);
    if (!(await this.passwords.matches(user, password))) {
      await this.failures.count({
        keys,
        user,
        reason: user.passwordHash === null ? 'no_password' : 'wrong_password',
      });
      throw new WrongPassword();
    }
    await this.lockout.clear(keys);
    return user;
  }
}
