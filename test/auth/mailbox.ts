import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import PostalMime, { type Email } from 'postal-mime';
import type { TestApp } from '../support/app.js';

const WAIT_MS = 10_000;

/** What the application mailed: it runs jobs (role `all`) and has no SMTP server, so mails are files. */
export class Mailbox {
  constructor(private readonly app: TestApp) {}

  /** The newest mail to the address whose subject contains the words; waits for it. */
  async newest(to: string, subject: string): Promise<Email> {
    return (await this.atLeast(1, to, subject))[0];
  }

  /** Waits until there are so many; newest first. */
  async atLeast(count: number, to: string, subject: string): Promise<Email[]> {
    for (let waited = 0; waited < WAIT_MS; waited += 50) {
      const found = await this.all(to, subject);
      if (found.length >= count) return found;
      await pause(50);
    }
    throw new Error(`No ${count} mails "${subject}" to ${to} within ${WAIT_MS} ms`);
  }

  /** Newest first, without waiting. */
  async all(to: string, subject = ''): Promise<Email[]> {
    const mails = await Promise.all(this.files().map((file) => PostalMime.parse(readFileSync(file))));
    const isMeant = (mail: Email) => mail.to?.[0]?.address === to && (mail.subject ?? '').includes(subject);
    return mails.filter(isMeant).reverse();
  }

  /** The files as they are, for whoever opens one in an editor. */
  sources(): string[] {
    return this.files().map((file) => readFileSync(file, 'utf8'));
  }

  private files(): string[] {
    const folder = join(this.app.configuration.dataDir, 'mail');
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.eml'))
        .sort()
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  }
}

/** The one-time token in a mail. */
export function tokenIn(mail: Email): string {
  const [token] = /rv_(?:inv|rst|vfy)_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/.exec(mail.text ?? '') ?? [];
  if (token === undefined) throw new Error(`No token in the mail "${mail.subject}"`);
  return token;
}
