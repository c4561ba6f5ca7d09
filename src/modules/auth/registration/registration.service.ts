import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { Jobs } from '../../../kernel/jobs/index.js';
import { currentOperation, DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { ValidationFailed } from '../../../kernel/problem/index.js';
import { Clock, Configuration, Ids } from '../../../kernel/runtime/index.js';
import { NewPasswords } from '../password-flows/new-passwords.js';
import { REGISTER, sealRegistration } from './registration-job.js';
import type { Register } from './registration.dto.js';
import { RegistrationClosed } from './registration.errors.js';

/** Taking registrations in. Whether name and address are free is found out later, by the job. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly configuration: Configuration,
    private readonly passwords: NewPasswords,
    private readonly jobs: Jobs,
    private readonly keyRing: KeyRing,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the same work, and so takes the same time, whether or not somebody has the name or the address: the password is
   * judged and hashed, and everything that depends on other accounts is left to a job and told by mail only.
   *
   * @throws RegistrationClosed, ValidationFailed
   */
  async register({ email, password, username }: Register): Promise<void> {
    if (this.configuration.registration !== 'open') throw new RegistrationClosed();
    this.expectAcceptedDomain(email);
    const owner = { tenantId: DEFAULT_TENANT_ID, username, email };
    const passwordHash = await this.passwords.hash(password, owner, '/password');
    await this.hand(email, username ?? null, passwordHash);
  }

  @Transactional()
  private async hand(email: string, username: string | null, passwordHash: string): Promise<void> {
    const { clientIp, userAgent } = currentOperation();
    const userId = this.ids.next();
    const registration = {
      userId,
      tenantId: DEFAULT_TENANT_ID,
      email,
      username,
      passwordHash,
      at: this.clock.nowMs(),
      clientIp,
      userAgent,
    };
    await this.jobs.enqueue({ name: REGISTER, payload: sealRegistration(registration, this.keyRing) });
  }

  private expectAcceptedDomain(email: string): void {
    const { registrationDomains } = this.configuration;
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
    if (registrationDomains.length === 0 || registrationDomains.includes(domain)) return;
    const message = 'email must belong to one of the organisations that may register here.';
    throw new ValidationFailed([{ in: 'body', pointer: '/email', code: 'domain_not_accepted', message }]);
  }
}
