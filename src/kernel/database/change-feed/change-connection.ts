import { Logger } from '@nestjs/common';
import pg from 'pg';
import { connectionSettings } from '../pool.js';
import type { Statement } from '../statement.js';

export const CHANGE_CHANNEL = 'reeve_changes';
/** A read that takes longer is given up; the pool is asked instead, in time for the feed to stay fresh. */
const READ_TIMEOUT_MS = 350;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;

/**
 * A connection of its own, so that reading changes never queues behind the application's queries, and so that LISTEN
 * has a session. It comes back by itself; while it is away `read` gives null.
 */
export class ChangeConnection {
  private readonly log = new Logger('ChangeFeed');
  private client: pg.Client | null = null;
  private backOffMs = FIRST_BACK_OFF_MS;
  private retry: NodeJS.Timeout | null = null;
  private closed = false;
  private missed = false;

  constructor(
    private readonly url: string,
    private readonly onNotice: () => void,
  ) {}

  get isListening(): boolean {
    return this.client !== null;
  }

  async open(): Promise<void> {
    if (this.closed) return;
    const client = new pg.Client({
      ...connectionSettings(this.url, 'reeve changes'),
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, 'ended'));
    client.on('notification', this.onNotice);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANGE_CHANNEL}`);
    } catch (error) {
      discard(client);
      return this.openLater(error);
    }
    if (this.closed) return discard(client);
    this.client = client;
    this.backOffMs = FIRST_BACK_OFF_MS;
    if (this.missed) this.log.log('The connection that listens for changes is back');
    this.missed = false;
    // What was announced while nobody listened is found by reading.
    this.onNotice();
  }

  /** Null when the connection cannot answer now. */
  async read<Row>(statement: Statement<Row>, values: unknown[]): Promise<Row[] | null> {
    const { client } = this;
    if (client === null) return null;
    try {
      const answer = client.query({ name: statement.name, text: statement.text, values });
      const { rows } = await withinLimit(answer, READ_TIMEOUT_MS);
      return rows as Row[];
    } catch (error) {
      this.lost(client, error);
      return null;
    }
  }

  close(): void {
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    const { client } = this;
    this.client = null;
    if (client !== null) discard(client);
  }

  private lost(client: pg.Client, reason: unknown): void {
    if (this.client !== client) return;
    this.client = null;
    discard(client);
    this.openLater(reason);
  }

  private openLater(reason: unknown): void {
    if (this.closed || this.retry !== null) return;
    if (!this.missed)
      this.log.warn(`The connection that listens for changes is away (${String(reason)}); polling`);
    this.missed = true;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.open();
    }, this.backOffMs);
    this.retry.unref();
    this.backOffMs = Math.min(this.backOffMs * 2, LONGEST_BACK_OFF_MS);
  }
}

/**
 * When the timer is late because this process was busy, the answer may lie there unread: the immediate runs after the
 * event loop has looked.
 */
export function withinLimit<T>(answer: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => reject(new Error(`no answer within ${limitMs} ms`))),
      limitMs,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function discard(client: pg.Client): void {
  client.end().catch(() => undefined);
}
