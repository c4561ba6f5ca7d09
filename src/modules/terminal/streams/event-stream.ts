import type { FastifyReply } from 'fastify';

const MOST_UNSENT_BYTES = 1024 * 1024;
const LONGEST_STANDSTILL_MS = 30_000;

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

  /** Until the client has taken what was sent. One that takes nothing for so long is dropped; it can resume. */
  async drained(): Promise<void> {
    const { raw } = this.reply;
    if (!this.isOpen || !raw.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        raw.off('drain', goOn).off('close', goOn);
        resolve();
      };
      // An answer that has not had its turn on the connection is closed without a word.
      const timer = setTimeout(() => {
        raw.destroy();
        goOn();
      }, LONGEST_STANDSTILL_MS);
      timer.unref();
      raw.once('drain', goOn).once('close', goOn);
    });
  }

  /** Keeps what lies between from taking the connection for dead, and notices when it is. */
  beat(): void {
    this.write(': still here\n\n');
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
