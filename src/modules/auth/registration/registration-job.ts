import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Job } from '../../../kernel/jobs/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import { Clock, Configuration, Entropy } from '../../../kernel/runtime/index.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import { UserRegistered } from './registration.events.js';
import { alreadyRegisteredMail, usernameTakenMail, verificationMail } from './registration.mails.js';
import { usernameFromEmail } from './username-from-email.js';

export const REGISTER = 'auth.register';

/** A registration that was taken in. The id is given beforehand, so that the job may run twice and register once. */
export interface Registration {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly username: string | null;
  readonly passwordHash: string;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

/** As it waits in the queue, where operators may look: nothing of the person can be read there. */
interface SealedRegistration {
  readonly userId: string;
  readonly sealed: string;
}

export function sealRegistration(
  registration: Registration,
  keyRing: KeyRing,
): { userId: string; sealed: string } {
  const { userId } = registration;
  return { userId, sealed: keyRing.encrypt(JSON.stringify(registration), placeOf(userId)) };
}

const NAMES_TRIED = 5;

/** Makes the account, or tells the owner of the address why not. */
@Injectable()
export class RegistrationJob {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly mailer: Mailer,
    private readonly keyRing: KeyRing,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
  ) {}

  @Job(REGISTER)
  async run({ userId, sealed }: SealedRegistration): Promise<void> {
    const text = this.keyRing.decrypt(sealed, placeOf(userId)).toString('utf8');
    await this.register(JSON.parse(text) as Registration);
  }

  @Transactional()
  private async register(registration: Registration): Promise<void> {
    const { tenantId, email, userId } = registration;
    const username = await this.addUser(registration);
    if (username !== null) return this.welcome(registration, username);
    const owner = await this.users.byLogin(tenantId, canonicalLogin(email));
    if (owner === null)
      return this.mailer.send(usernameTakenMail(email, registration.username ?? '', this.configuration));
    // The job ran before and was not known to have ended.
    if (owner.id === userId) return;
    await this.remind(owner);
  }

  /** The name the user got, or null when the address or the chosen name is taken. */
  private async addUser(registration: Registration): Promise<string | null> {
    const chosen = registration.username;
    if (chosen !== null) return (await this.addAs(chosen, registration)) ? chosen : null;
    for (let attempt = 0; attempt < NAMES_TRIED; attempt += 1) {
      const username = usernameFromEmail(
        registration.email,
        attempt === 0 ? '' : this.entropy.bytes(3).toString('hex'),
      );
      if (await this.addAs(username, registration)) return username;
    }
    return null;
  }

  private addAs(
    username: string,
    { userId: id, tenantId, email, passwordHash }: Registration,
  ): Promise<boolean> {
    const keys = { usernameKey: canonicalLogin(username), emailKey: canonicalLogin(email) };
    return this.users.addIfFree({ id, tenantId, username, email, ...keys, passwordHash }, this.clock.now());
  }

  private async welcome(
    { userId, tenantId, email, clientIp, userAgent }: Registration,
    username: string,
  ): Promise<void> {
    const issued = await this.tokens.issue('verify', { tenantId, subjectId: userId });
    await this.mailer.send(verificationMail({ username, email }, issued, this.configuration));
    const actor = { kind: 'user' as const, id: userId, name: username };
    const personal = { username, email, clientIp, userAgent };
    await this.events.record(
      new UserRegistered({ resourceId: userId, tenantId, actor, detail: {}, personal }),
    );
  }

  /** To the one who has the address: who never finished registering gets a new token. */
  private async remind(owner: User): Promise<void> {
    if (owner.emailVerifiedAt !== null || owner.passwordHash === null) {
      return this.mailer.send(alreadyRegisteredMail(owner, this.configuration));
    }
    const issued = await this.tokens.issue('verify', { tenantId: owner.tenantId, subjectId: owner.id });
    await this.mailer.send(verificationMail(owner, issued, this.configuration));
  }
}

function placeOf(userId: string): string {
  return `registration:${userId}`;
}
