import { Injectable, Logger } from '@nestjs/common';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobHopeless } from '../jobs/index.js';
import { Clock, Configuration } from '../runtime/index.js';
import type { Mail } from './mailer.js';
import { inShortLines } from './short-lines.js';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Hands mails to the mail server, or writes them to files where none is configured. */
@Injectable()
export class MailTransport {
  private readonly log = new Logger('Mail');
  private readonly server: { sendMail(mail: SendMailOptions): Promise<unknown> } | null;

  constructor(
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {
    const url = configuration.smtpUrl?.reveal();
    this.server = url === undefined ? null : mailServer(url);
  }

  /** @param id becomes the Message-ID, by which a mailbox recognises a mail that was sent twice */
  async deliver(id: string, mail: Mail): Promise<void> {
    const message = {
      ...mail,
      text: inShortLines(mail.text),
      from: this.configuration.mailFrom,
      messageId: this.messageId(id),
      date: this.clock.now(),
    };
    if (this.server === null) await this.writeFile(id, message);
    else await refusalIsFinal(this.server.sendMail(message));
  }

  private messageId(id: string): string {
    return `<${id}@${new URL(this.configuration.publicUrl).hostname}>`;
  }

  /** Under another name first: whoever watches the directory sees whole mails only. */
  private async writeFile(id: string, message: SendMailOptions): Promise<void> {
    const directory = join(this.configuration.dataDir, 'mail');
    const time = this.clock.now().toISOString().replaceAll(':', '-');
    const file = join(directory, `${time}-${id}.eml`);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(`${file}.part`, await asText(message), { mode: 0o600 });
    await rename(`${file}.part`, file);
    this.log.log(`A mail was written to ${file}`);
  }
}

function mailServer(url: string) {
  return createTransport(url, {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as object);
}

async function asText(message: SendMailOptions): Promise<Buffer> {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message: text } = await composer.sendMail(message);
  return text as Buffer;
}

/** What nodemailer calls a refusal of the addresses and of the content; a login that fails may work tomorrow. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);

/** The server's 5xx to a mail says that the same mail will be refused again (RFC 5321 §4.2.1). */
async function refusalIsFinal(sending: Promise<unknown>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    const { code = '', responseCode = 0 } = error as { code?: string; responseCode?: number };
    if (ABOUT_THE_MAIL.has(code) && responseCode >= 500)
      throw new JobHopeless(`The mail server refused the mail (${responseCode})`, { cause: error });
    throw error;
  }
}
