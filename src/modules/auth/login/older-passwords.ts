import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { UsersRepository } from '../users/users.repository.js';

/**
 * Before the first login comes, the hasher knows what checks of hashes from an import or an earlier configuration cost:
 * otherwise the first of them would take longer than one for a login that nobody has.
 */
@Injectable()
export class OlderPasswords implements OnModuleInit {
  constructor(
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const hash of await this.users.oneHashOfEachKind())
      if (this.hasher.needsRehash(hash)) await this.hasher.expect(hash);
  }
}
