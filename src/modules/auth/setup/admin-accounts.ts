import { Injectable } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { Transactional } from '../../../kernel/database/index.js';
import { strictlyValidated } from '../../../kernel/http/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { NewPasswords } from '../password-flows/new-passwords.js';
import { usernameFromEmail } from '../registration/username-from-email.js';
import { User } from '../users/user.entity.js';
import { FirstAdminSetup } from './first-admin.js';

class AdminIdentity extends PickType(User, ['username', 'email'] as const) {}

export interface NewAdmin {
  readonly email: string;
  /** The local part of the address when not given. */
  readonly username?: string;
  readonly password: string;
}

/** Administrators made by whoever runs the service, at any time: also when the last one has lost their way in. */
@Injectable()
export class AdminAccounts {
  constructor(
    private readonly firstAdmin: FirstAdminSetup,
    private readonly passwords: NewPasswords,
    private readonly tenants: Tenants,
  ) {}

  /**
   * @returns the id of the new user
   * @throws ValidationFailed, UsernameTaken, EmailTaken
   */
  async create({ email, username = usernameFromEmail(email), password }: NewAdmin): Promise<string> {
    // The rules are the entity's, as on the routes.
    strictlyValidated(AdminIdentity, { username, email }, 'body');
    const owner = { tenantId: DEFAULT_TENANT_ID, username, email };
    return this.add(username, email, await this.passwords.hash(password, owner, '/password'));
  }

  @Transactional()
  private async add(username: string, email: string, passwordHash: string): Promise<string> {
    await this.tenants.lock(DEFAULT_TENANT_ID);
    return this.firstAdmin.createAdmin({ username, email, passwordHash }, 'command');
  }
}
