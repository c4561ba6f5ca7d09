import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import {
  DEFAULT_TENANT_ID,
  runInOperation,
  systemOperation,
  systemPrincipal,
} from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { Configuration, Ids } from '../../../kernel/runtime/index.js';
import { NewPasswords } from '../password-flows/new-passwords.js';
import { usernameFromEmail } from '../registration/username-from-email.js';
import { UsersRepository } from '../users/users.repository.js';
import { FirstAdminSetup } from './first-admin.js';
import { type SetupToken, SetupTokens } from './setup-tokens.js';

export interface SetupLink extends SetupToken {
  /** Where the person with the token goes on: the API documentation at the set-up operation, or the bare route. */
  readonly url: string;
}

/** What a start does about an install that has no user yet. */
@Injectable()
export class SetupService {
  constructor(
    private readonly firstAdmin: FirstAdminSetup,
    private readonly users: UsersRepository,
    private readonly tokens: SetupTokens,
    private readonly passwords: NewPasswords,
    private readonly configuration: Configuration,
    private readonly ids: Ids,
  ) {}

  /**
   * Creates the configured administrator, or gives the set-up token to print to the person who started the service; null
   * when there is nothing to print. Any number of processes may call it at the same time.
   *
   * @throws Error naming each reason when the configured password is refused: the service must not start then
   */
  prepare(): Promise<SetupLink | null> {
    const operation = systemOperation('boot', this.ids.next(), systemPrincipal('setup'));
    return runInOperation(operation, async () => {
      if (!(await this.users.isEmpty())) return null;
      const { adminEmail, adminPassword } = this.configuration;
      if (adminEmail === undefined || adminPassword === undefined) return this.link();
      const username = usernameFromEmail(adminEmail);
      const passwordHash = await this.hashOf(adminPassword.reveal(), username, adminEmail);
      await this.createOnce(username, adminEmail, passwordHash);
      return null;
    });
  }

  private async hashOf(password: string, username: string, email: string): Promise<string> {
    try {
      return await this.passwords.hash(
        password,
        { tenantId: DEFAULT_TENANT_ID, username, email },
        '/password',
      );
    } catch (error) {
      if (!(error instanceof ValidationFailed)) throw error;
      const reasons = (error.errors ?? []).map(({ code, message }) => `${code}: ${message}`);
      throw new Error(`REEVE_ADMIN_PASSWORD is refused. ${reasons.join(' ')}`, { cause: error });
    }
  }

  @Transactional()
  private async createOnce(username: string, email: string, passwordHash: string): Promise<void> {
    if (await this.firstAdmin.isFresh())
      await this.firstAdmin.createAdmin({ username, email, passwordHash }, 'configuration');
  }

  @Transactional()
  private async link(): Promise<SetupLink | null> {
    if (!(await this.firstAdmin.isFresh())) return null;
    const { docs, publicUrl } = this.configuration;
    const url = docs ? `${publicUrl}/docs#/Authentication/setupComplete` : `${publicUrl}/api/v1/auth/setup`;
    return { ...(await this.tokens.current()), url };
  }
}
