import { Injectable } from '@nestjs/common';
import { KeyRing } from '../crypto/index.js';
import { Job } from '../jobs/index.js';
import { MailTransport } from './mail-transport.js';
import { associatedData, type Mail, SEND_MAIL, type SealedMail } from './mailer.js';

/** Opens the mails of committed transactions and sends them. */
@Injectable()
export class MailSender {
  constructor(
    private readonly transport: MailTransport,
    private readonly keyRing: KeyRing,
  ) {}

  @Job(SEND_MAIL, { maxAttempts: 12 })
  async send({ id, sealed }: SealedMail): Promise<void> {
    const mail = JSON.parse(this.keyRing.decrypt(sealed, associatedData(id)).toString('utf8')) as Mail;
    await this.transport.deliver(id, mail);
  }
}
