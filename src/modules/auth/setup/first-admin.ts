import { Injectable } from '@nestjs/common';
import { Policy } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { Tenants } from '../../../kernel/settings/index.js';
import { InvalidToken } from '../one-time-tokens/one-time-token.errors.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { NewPasswords } from '../password-flows/new-passwords.js';
import { Sessions } from '../sessions/sessions.js';
import type { TokenPairView } from '../sessions/token-pair.dto.js';
import { actingAsSystem } from './acting-as-system.js';
import { UsersRepository } from '../users/users.repository.js';
import type { SetUp } from './setup.dto.js';
import { SetupDone } from './setup.errors.js';
import { InstallationSetUp } from './setup.events.js';
import { SetupTokens } from './setup-tokens.js';

export interface FirstAdmin {
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** Making the first administrator of a fresh install, exactly once. */
@Injectable()
export class FirstAdminSetup {
  constructor(
    private readonly tenants: Tenants,
    private readonly users: UsersRepository,
    private readonly tokens: SetupTokens,
    private readonly passwords: NewPasswords,
    private readonly policy: Policy,
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Creates the administrator and signs them in. A refused password leaves the token as it was.
   *
   * @throws SetupDone when there is a user already, InvalidToken, ValidationFailed
   */
  async setUp({ token, username, email, password }: SetUp): Promise<TokenPairView> {
    // Before the password is hashed: an open route must not make the service work for nothing.
    await this.expectWelcome(token);
    const passwordHash = await this.passwords.hash(
      password,
      { tenantId: DEFAULT_TENANT_ID, username, email },
      '/password',
    );
    return this.complete(token, { username, email, passwordHash });
  }

  /** Call it in a transaction. False when there is a user already; the answer holds until the transaction ends. */
  async isFresh(): Promise<boolean> {
    await this.tenants.lock(DEFAULT_TENANT_ID);
    return this.users.isEmpty();
  }

  /** Returns the id of the new user. Call it in a transaction that holds the tenant's lock. */
  async createAdmin(admin: FirstAdmin, by: 'token' | 'configuration' | 'command'): Promise<string> {
    const { username, email, passwordHash } = admin;
    const id = this.ids.next();
    const now = this.clock.now();
    const keys = { usernameKey: canonicalLogin(username), emailKey: canonicalLogin(email) };
    const times = { emailVerifiedAt: now, passwordChangedAt: now, createdAt: now, updatedAt: now };
    const tenantId = DEFAULT_TENANT_ID;
    await this.users.add({ id, tenantId, username, email, passwordHash, ...keys, ...times });
    await actingAsSystem('setup', tenantId, () => this.policy.assignRoles(id, ['admin']));
    const actor =
      by === 'token'
        ? { kind: 'user' as const, id, name: username }
        : { kind: 'system' as const, id: 'setup', name: 'setup' };
    const personal = { username, email };
    await this.events.record(
      new InstallationSetUp({ resourceId: id, tenantId, actor, detail: { by }, personal }),
    );
    await this.changes.announce('user', id);
    return id;
  }

  private async expectWelcome(token: string): Promise<void> {
    const isLive = await this.tokens.isLive(token);
    // Asked second: the user comes with the same commit that spends the token, and is the better reason.
    if (!(await this.users.isEmpty())) throw new SetupDone();
    if (!isLive) throw new InvalidToken();
  }

  @Transactional()
  private async complete(token: string, admin: FirstAdmin): Promise<TokenPairView> {
    if (!(await this.isFresh())) throw new SetupDone();
    if (!(await this.tokens.spend(token))) throw new InvalidToken();
    const id = await this.createAdmin(admin, 'token');
    return this.sessions.start(
      { id, tenantId: DEFAULT_TENANT_ID, username: admin.username },
      { amr: ['pwd'] },
    );
  }
}
