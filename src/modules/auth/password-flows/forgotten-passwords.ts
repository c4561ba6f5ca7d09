import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Job, Jobs } from '../../../kernel/jobs/index.js';
import { Mailer } from '../../../kernel/mail/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import { Configuration, Ids } from '../../../kernel/runtime/index.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { UsersRepository } from '../users/users.repository.js';
import { PasswordResetRequested } from './password.events.js';
import { resetMail } from './password.mails.js';

const SEND_RESET = 'auth.password-forgot';

/** More would only fill somebody's mailbox. */
const MOST_MAILS_PER_HOUR = 5;

/** The address waits encrypted, because operators may look into the queue. */
interface SealedRequest {
  readonly id: string;
  readonly sealed: string;
}

/** Mailing a token to people who have forgotten their password. */
@Injectable()
export class ForgottenPasswords {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: OneTimeTokens,
    private readonly jobs: Jobs,
    private readonly events: EventLog,
    private readonly mailer: Mailer,
    private readonly keyRing: KeyRing,
    private readonly ids: Ids,
    private readonly configuration: Configuration,
  ) {}

  /** Looks nothing up, so the answer and its time say nothing about accounts: the job does the rest. */
  @Transactional()
  async request(email: string): Promise<void> {
    const id = this.ids.next();
    const payload = { id, sealed: this.keyRing.encrypt(email, placeOf(id)) };
    await this.jobs.enqueue({ name: SEND_RESET, payload });
  }

  @Job(SEND_RESET)
  async send({ id, sealed }: SealedRequest): Promise<void> {
    await this.sendTo(this.keyRing.decrypt(sealed, placeOf(id)).toString('utf8'));
  }

  /** By address only: a username would tell who has which address to whoever reads the mailbox. */
  @Transactional()
  private async sendTo(email: string): Promise<void> {
    const tenantId = DEFAULT_TENANT_ID;
    const found = await this.users.byLogin(tenantId, canonicalLogin(email));
    // Held, so that jobs running side by side count one after the other.
    const user = found === null ? null : await this.users.lockForLogin(found.id);
    if (user === null || !user.isActive) return;
    if ((await this.tokens.issuedWithin(3600, 'reset', user.id)) >= MOST_MAILS_PER_HOUR) return;
    const issued = await this.tokens.issue('reset', { tenantId, subjectId: user.id });
    await this.mailer.send(resetMail(user, issued, this.configuration));
    const detail = { expiresAt: issued.expiresAt.toISOString() };
    await this.events.record(new PasswordResetRequested({ resourceId: user.id, tenantId, detail }));
  }
}

function placeOf(id: string): string {
  return `password-forgot:${id}`;
}
