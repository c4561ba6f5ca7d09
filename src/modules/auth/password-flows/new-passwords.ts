import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { PasswordChecksBusy } from '../auth.errors.js';
import { HashQueueFull } from '../passwords/hash-queue.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy, type PasswordIdentifiers } from '../passwords/password-policy.js';

/** Whom a new password is for. */
export type PasswordOwner = TenantScope & Pick<PasswordIdentifiers, 'username' | 'email'>;

/** From a password that somebody chose to the hash that is stored. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly tenants: Tenants,
  ) {}

  /**
   * Call it outside a transaction: it takes tens of milliseconds and may ask a breach list.
   *
   * @param pointer where the password stands in the body, for the refusal
   * @throws ValidationFailed with one error per reason, its `code` being the policy's
   * @throws PasswordChecksBusy when too many passwords are waiting
   */
  async hash(password: string, owner: PasswordOwner, pointer: string): Promise<string> {
    const violations = await this.policy.violations(password, await this.identifiersOf(owner));
    if (violations.length > 0) {
      throw new ValidationFailed(
        violations.map(({ code, message }) => ({ in: 'body', pointer, code, message })),
      );
    }
    try {
      return await this.hasher.hash(password);
    } catch (error) {
      if (error instanceof HashQueueFull) throw new PasswordChecksBusy(error.retryAfterSeconds);
      throw error;
    }
  }

  private async identifiersOf({ tenantId, username, email }: PasswordOwner): Promise<PasswordIdentifiers> {
    const tenant = await this.tenants.nameOf(tenantId);
    return { username, email, names: tenant === null ? [] : [tenant] };
  }
}
