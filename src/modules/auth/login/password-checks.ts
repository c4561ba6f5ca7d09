import { Injectable } from '@nestjs/common';
import { PasswordChecksBusy } from '../auth.errors.js';
import { HashQueueFull } from '../passwords/hash-queue.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { User } from '../users/user.entity.js';

/** Whether a password is the user's. It always costs the same, also when there is no user or no password. */
@Injectable()
export class PasswordChecks {
  constructor(private readonly hasher: PasswordHasher) {}

  /** @throws PasswordChecksBusy when too many passwords are waiting to be checked */
  async matches(user: Pick<User, 'passwordHash'> | null, password: string): Promise<boolean> {
    return unlessBusy(this.hasher.verify(user?.passwordHash ?? null, password));
  }

  /** A hash of today's cost when the stored one is older, otherwise null. Only for a password that has just matched. */
  async renewed(stored: string, password: string): Promise<string | null> {
    return this.hasher.needsRehash(stored) ? unlessBusy(this.hasher.hash(password)) : null;
  }
}

async function unlessBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HashQueueFull) throw new PasswordChecksBusy(error.retryAfterSeconds);
    throw error;
  }
}
