import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

export interface StreamEvent {
  readonly id: string;
  readonly entry: { seq: number; action: string; resourceId: string | null };
}

/** A client of server-sent events that waits for what it is asked for. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  lastEventId = '';
  private text = '';

  private constructor(readonly response: IncomingMessage) {}

  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const request = get(url, { headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const stream = new EventStream(response);
    if (response.statusCode === 200)
      response.setEncoding('utf8').on('data', (text: string) => stream.take(text));
    response.on('error', () => undefined);
    return stream;
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get seqs(): number[] {
    return this.events.map(({ entry }) => entry.seq);
  }

  /** Resolves when that many events have come. */
  async received(count: number): Promise<void> {
    while (this.events.length < count) await once(this.response, 'data');
  }

  /** Resolves when the server has ended the answer in order. */
  async ended(): Promise<void> {
    if (!this.response.readableEnded) await once(this.response, 'end');
  }

  close(): void {
    this.response.destroy();
  }

  private take(text: string): void {
    const blocks = (this.text + text).split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => /^(\w*):? ?([^]*)$/.exec(line)!);
      this.lastEventId = fields.find(([, name]) => name === 'id')?.[2] ?? this.lastEventId;
      const data = fields.find(([, name]) => name === 'data')?.[2];
      if (data === undefined) continue;
      this.events.push({ id: this.lastEventId, entry: JSON.parse(data) as StreamEvent['entry'] });
    }
  }
}
