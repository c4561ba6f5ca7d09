import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { promisify } from 'node:util';
import type { SyslogTarget } from '../../../kernel/runtime/index.js';
import type { FullEntry } from '../audit-entry.dto.js';
import type { Receiver } from './receiver.js';
import { syslogMessage } from './syslog-message.js';

/** What one datagram carries at most, with room for headers. */
const LARGEST_MESSAGE = 60_000;

/**
 * Syslog over UDP (RFC 5426): what the network loses is lost. That nobody listens is heard of only from some hosts, and
 * late.
 */
export class SyslogDatagramReceiver implements Receiver {
  readonly name = 'syslog';
  readonly doubtfulMs = 1_000;
  private socket: Socket | null = null;
  private broken: Error | null = null;

  constructor(
    private readonly target: SyslogTarget,
    private readonly hostName: string,
  ) {}

  async send(entries: readonly FullEntry[]): Promise<void> {
    this.requireIntact();
    const socket = (this.socket ??= await this.connected());
    const origin = { facility: this.target.facility, hostName: this.hostName };
    for (const entry of entries) {
      const message = syslogMessage(entry, origin);
      const fits = message.length <= LARGEST_MESSAGE;
      const datagram = Buffer.from(fits ? message : syslogMessage(entry, origin, true), 'latin1');
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, (error) => (error ? reject(error) : resolve()));
      });
    }
    this.requireIntact();
  }

  requireIntact(): void {
    if (this.broken !== null) throw this.broken;
  }

  drop(): void {
    this.socket?.close();
    this.socket = null;
    this.broken = null;
  }

  finish(): Promise<void> {
    this.drop();
    return Promise.resolve();
  }

  private async connected(): Promise<Socket> {
    const { address, family } = await lookup(this.target.host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    socket.on('error', (error) => (this.broken ??= error));
    await promisify(socket.connect.bind(socket) as (port: number, host: string, done: () => void) => void)(
      this.target.port,
      address,
    );
    return socket.unref();
  }
}
