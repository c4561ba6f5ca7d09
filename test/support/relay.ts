import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

type Direction = 'toServer' | 'toClient';

/** A TCP connection as it passes through, both of its ends. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * Stands between two programs and makes their network bad: slow, silent, cut, or cut at a chosen byte. It does not
 * know what it carries.
 */
export class Relay {
  private readonly links = new Set<Link>();
  private delayMs = 0;
  private stalled = false;
  private judge: ((chunk: Buffer) => boolean) | null = null;
  private onResume: (() => void)[] = [];
  /** Connections cut because of `cutAfterSending`. */
  cuts = 0;

  private constructor(
    private readonly target: { host: string; port: number },
    private readonly listener: Server,
  ) {}

  /** @param url what is relayed to, for instance a database URL */
  static async to(url: string): Promise<Relay> {
    const { hostname, port } = new URL(url);
    const listener = createServer();
    const relay = new Relay({ host: hostname, port: Number(port) }, listener);
    listener.on('connection', (client) => relay.accept(client));
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  /** The same URL by way of this relay. */
  through(url: string): string {
    const address = this.listener.address();
    if (address === null || typeof address === 'string') throw new Error('The relay is closed.');
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(address.port);
    return changed.href;
  }

  /** Every chunk arrives so much later. */
  delay(milliseconds: number): void {
    this.delayMs = milliseconds;
  }

  /** Nothing passes any more, in either direction, and nothing is closed: as when a cable is pulled. */
  stall(): void {
    this.stalled = true;
  }

  resume(): void {
    this.stalled = false;
    for (const go of this.onResume.splice(0)) go();
  }

  /** Resets all connections there are. */
  cut(): void {
    for (const link of [...this.links]) this.drop(link);
  }

  /** The next time a client sends a chunk that the judge picks, it is delivered and the answer to it is not. */
  cutAfterSending(judge: (chunk: Buffer) => boolean): void {
    this.judge = judge;
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private accept(client: Socket): void {
    const link: Link = { client, server: connect(this.target) };
    this.links.add(link);
    this.carry(link, client, link.server, 'toServer');
    this.carry(link, link.server, client, 'toClient');
  }

  private carry(link: Link, from: Socket, to: Socket, direction: Direction): void {
    let doomed = false;
    let queue: Promise<void> = Promise.resolve();
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (direction === 'toServer' && this.judge?.(chunk) === true) {
        this.judge = null;
        doomed = true;
        // The other side has read it when its answer sets out.
        link.server.removeAllListeners('data').once('data', () => {
          this.cuts += 1;
          this.drop(link);
        });
      }
      queue = queue.then(() => this.pass(chunk, to));
    });
    from.on('error', () => this.drop(link));
    from.on('close', () => void queue.then(() => (doomed ? undefined : this.drop(link))));
  }

  private async pass(chunk: Buffer, to: Socket): Promise<void> {
    if (this.stalled) await new Promise<void>((resolve) => this.onResume.push(resolve));
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (!to.destroyed) to.write(chunk);
  }

  private drop(link: Link): void {
    this.links.delete(link);
    link.client.resetAndDestroy();
    link.server.destroy();
  }
}
