import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog, type FactActor } from '../../../kernel/events/index.js';
import { Job } from '../../../kernel/jobs/index.js';
import { RateWindows } from '../../../kernel/http/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import { Clock, Configuration, Entropy } from '../../../kernel/runtime/index.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import type { User } from '../users/user.entity.js';
import { UsersRepository } from '../users/users.repository.js';
import type { ProvenRegistration } from './proven-registration.js';
import { RegistrationRepeated, UserRegistered } from './registration.events.js';
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
  /** When, in milliseconds since 1970: the mail tells it, so that somebody who gets several knows which is theirs. */
  readonly at: number;
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

/** Whoever registers names a mailbox that may be anybody's: more would only fill it. */
const MOST_MAILS_PER_HOUR = 5;
const HOUR_MS = 3_600_000;

/** Makes the account, or tells the owner of the address why not. */
@Injectable()
export class RegistrationJob {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly events: EventLog,
    private readonly mailer: Mailer,
    private readonly windows: RateWindows,
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
    if (!(await this.mayWriteTo(registration))) return;
    const username = await this.addUser(registration);
    if (username !== null) return this.welcome(registration, username);
    const owner = await this.users.byLogin(tenantId, canonicalLogin(email));
    if (owner === null)
      return this.mailer.send(usernameTakenMail(email, registration.username ?? '', this.configuration));
    // The job ran before and was not known to have ended.
    if (owner.id === userId) return;
    await this.registerAgain(owner.id, registration);
  }

  /** Counted by a hash, as the lockout does: the table names nobody. */
  private mayWriteTo({ tenantId, email }: Registration): Promise<boolean> {
    const recipient = this.keyRing.mac(
      'registration mails',
      JSON.stringify([tenantId, canonicalLogin(email)]),
    );
    return this.windows.takeOne(`register:${recipient.toString('hex')}`, HOUR_MS, MOST_MAILS_PER_HOUR);
  }

  /** The name the user got, or null when the address or the chosen name is taken. */
  private async addUser(registration: Registration): Promise<string | null> {
    const chosen = registration.username;
    if (chosen !== null) return (await this.addAs(chosen, registration)) ? chosen : null;
    for (const username of this.namesFor(registration.email))
      if (await this.addAs(username, registration)) return username;
    return null;
  }

  private *namesFor(email: string): Generator<string> {
    yield usernameFromEmail(email);
    for (let i = 1; i < NAMES_TRIED; i += 1)
      yield usernameFromEmail(email, this.entropy.bytes(3).toString('hex'));
  }

  private addAs(
    username: string,
    { userId: id, tenantId, email, passwordHash }: Registration,
  ): Promise<boolean> {
    const keys = { usernameKey: canonicalLogin(username), emailKey: canonicalLogin(email) };
    return this.users.addIfFree({ id, tenantId, username, email, ...keys, passwordHash }, this.clock.now());
  }

  private async welcome(registration: Registration, username: string): Promise<void> {
    const { userId, tenantId } = registration;
    await this.mailToken(userId, registration, username);
    const actor = { kind: 'user' as const, id: userId, name: username };
    const personal = personalOf(registration, username);
    await this.events.record(
      new UserRegistered({ resourceId: userId, tenantId, actor, detail: {}, personal }),
    );
  }

  /**
   * The address has an account. Was it never confirmed, nobody knows whose that is: the mail to the owner of the address
   * then carries this registration, its password and its name, so that confirming it opens nothing to whoever came first.
   */
  private async registerAgain(ownerId: string, registration: Registration): Promise<void> {
    const owner = await this.users.lockForLogin(ownerId);
    if (owner === null) throw new Error('The account went away just now; the registration is tried again.');
    if (owner.emailVerifiedAt !== null || owner.passwordHash === null || !owner.isActive) {
      return this.mailer.send(alreadyRegisteredMail(owner, this.configuration));
    }
    const username = await this.freeName(owner, registration);
    if (username === null)
      return this.mailer.send(
        usernameTakenMail(registration.email, registration.username ?? '', this.configuration),
      );
    await this.mailToken(owner.id, registration, username);
    const personal = personalOf(registration, username);
    const about = { resourceId: owner.id, tenantId: owner.tenantId, actor: NOBODY };
    await this.events.record(new RegistrationRepeated({ ...about, detail: {}, personal }));
  }

  /** A name that is free now; if it is not any more when the address is confirmed, another is made then. */
  private async freeName(owner: User, { username, email }: Registration): Promise<string | null> {
    for (const name of username === null ? this.namesFor(email) : [username]) {
      const holder = await this.users.byLogin(owner.tenantId, canonicalLogin(name));
      if (holder === null || holder.id === owner.id) return name;
    }
    return null;
  }

  private async mailToken(userId: string, registration: Registration, username: string): Promise<void> {
    const { tenantId, email, passwordHash, at } = registration;
    const proven: ProvenRegistration = { username, passwordHash };
    const subject = { tenantId, subjectId: userId };
    const issued = await this.tokens.issueBeside('verify', subject, JSON.stringify(proven));
    await this.mailer.send(verificationMail({ username, email }, new Date(at), issued, this.configuration));
  }
}

/** Who registers with an address that is not theirs is not known. */
const NOBODY: FactActor = { kind: 'anonymous', id: null, name: null };

function personalOf({ email, clientIp, userAgent }: Registration, username: string) {
  return { username, email, clientIp, userAgent };
}

function placeOf(userId: string): string {
  return `registration:${userId}`;
}
