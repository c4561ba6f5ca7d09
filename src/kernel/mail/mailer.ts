import { Injectable } from '@nestjs/common';
import { KeyRing } from '../crypto/index.js';
import { Jobs } from '../jobs/index.js';
import { Ids } from '../runtime/index.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. May carry a one-time token: it is encrypted until it is sent. */
  readonly text: string;
}

/** What waits in the queue; the mail itself is readable only with the key ring. */
export interface SealedMail {
  readonly id: string;
  readonly sealed: string;
}

export const SEND_MAIL = 'mail.send';

@Injectable()
export class Mailer {
  constructor(
    private readonly jobs: Jobs,
    private readonly keyRing: KeyRing,
    private readonly ids: Ids,
  ) {}

  /** Sends the mail once the caller's transaction is committed; at least once, with the same Message-ID if again. */
  async send(mail: Mail): Promise<void> {
    const id = this.ids.next();
    const sealed = this.keyRing.encrypt(JSON.stringify(mail), associatedData(id));
    await this.jobs.enqueue({ name: SEND_MAIL, payload: { id, sealed } });
  }
}

export function associatedData(id: string): string {
  return `mail:${id}`;
}
