import type { FastifyReply } from 'fastify';

const MOST_UNSENT_BYTES = 1024 * 1024;

export interface StreamEvent {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

/** The server's end of one stream of server-sent events (WHATWG HTML §9.2). */
export class EventStreamResponse {
  constructor(private readonly reply: FastifyReply) {
    // From here on the answer is ours; the headers that every answer has were set by the hooks.
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.reply.raw.destroyed && !this.reply.raw.writableEnded;
  }

  send({ id, name, data }: StreamEvent): void {
    this.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Keeps what lies between from taking the connection for dead, and notices when it is. */
  beat(): void {
    this.write(': still here\n\n');
  }

  /** Resolves when the client has taken what was sent, or is gone: for those who have much to send at once. */
  drained(): Promise<void> {
    const { raw } = this.reply;
    if (!this.isOpen || !raw.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.once('drain', done).once('close', done);
    });
  }

  end(): void {
    if (this.isOpen) this.reply.raw.end();
  }

  onClose(closed: () => void): void {
    this.reply.raw.once('close', closed);
  }

  /** A client that does not read is dropped before it fills our memory; it can resume. */
  private write(text: string): void {
    if (!this.isOpen) return;
    if (this.reply.raw.writableLength > MOST_UNSENT_BYTES) this.reply.raw.destroy();
    else this.reply.raw.write(text);
  }
}
