import type { AnyBody } from '../support/http-client.js';

/** The client's end of a stream of server-sent events. */
export class EventReader {
  private readonly events: { id: string; data: AnyBody }[] = [];
  private readonly abort = new AbortController();
  private wake: () => void = () => undefined;
  isEnded = false;

  static async open(url: string, token: string, lastEventId?: string): Promise<EventReader> {
    const reader = new EventReader();
    const response = await fetch(url, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: reader.abort.signal,
    });
    if (response.status !== 200) throw new Error(`The stream was answered ${response.status}`);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error('No stream.');
    void reader.read(response.body!);
    return reader;
  }

  /** The first event, of those that came and those to come, that is meant; it is taken, the others stay. */
  async next(isMeant: (data: AnyBody) => boolean, withinMs = 5_000): Promise<{ id: string; data: AnyBody }> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const at = this.events.findIndex(({ data }) => isMeant(data));
      if (at !== -1) return this.events.splice(at, 1)[0];
      if (this.isEnded || performance.now() > deadline) throw new Error('It did not come.');
      await this.something(deadline - performance.now());
    }
  }

  async ended(withinMs = 5_000): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    while (!this.isEnded && performance.now() < deadline) await this.something(deadline - performance.now());
    return this.isEnded;
  }

  close(): void {
    this.abort.abort();
  }

  private something(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const part of body.pipeThrough(new TextDecoderStream())) {
        text += part;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Closed by this side.
    }
    this.isEnded = true;
    this.wake();
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id: fields.get('id') ?? '', data: JSON.parse(data) });
    this.wake();
  }
}
