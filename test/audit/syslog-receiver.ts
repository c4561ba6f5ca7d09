import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TestCertificate } from '../support/certificate.js';

/** One message as RFC 5424 takes it apart. */
export interface SyslogMessage {
  readonly priority: number;
  readonly timestamp: string;
  readonly host: string;
  readonly app: string;
  readonly messageId: string;
  readonly parameters: Record<string, string>;
  readonly content: Record<string, unknown>;
}

const MESSAGE =
  /^<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) \[(\S+)((?: [^\s=\]"]+="(?:[^"\\\]]|\\["\\\]])*")*)\] (.*)$/;

export function parseMessage(text: string): SyslogMessage {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new Error(`This is not one line of ASCII: ${JSON.stringify(text)}`);
  const [, priority, timestamp, host, app, , messageId, , rest, content] = MESSAGE.exec(text) ?? [];
  if (priority === undefined) throw new Error(`This is no RFC 5424 message: ${text}`);
  const parameters = [...rest.matchAll(/ ([^\s=\]"]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)].map(
    ([, name, value]) => [name, value.replace(/\\(["\\\]])/g, '$1')],
  );
  return {
    priority: Number(priority),
    timestamp,
    host,
    app,
    messageId,
    parameters: Object.fromEntries(parameters) as Record<string, string>,
    content: JSON.parse(content) as Record<string, unknown>,
  };
}

/** A syslog receiver on loopback that keeps what it gets. */
export class SyslogReceiver extends EventEmitter {
  readonly messages: SyslogMessage[] = [];
  private server: Server | null = null;
  private datagrams: DatagramSocket | null = null;
  private readonly sockets = new Set<Socket>();
  port = 0;
  connections = 0;

  get seqs(): number[] {
    return this.messages.map(({ parameters }) => Number(parameters.seq));
  }

  async listen(port = 0, certificate?: TestCertificate): Promise<this> {
    const accept = (socket: Socket): void => this.accept(socket);
    this.server = certificate === undefined ? createServer(accept) : createTlsServer(certificate, accept);
    this.server.on('tlsClientError', () => undefined);
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async listenForDatagrams(): Promise<this> {
    this.datagrams = createSocket('udp4', (datagram) => this.keep(datagram.toString('latin1')));
    this.datagrams.bind(0, '127.0.0.1');
    await once(this.datagrams, 'listening');
    this.port = this.datagrams.address().port;
    return this;
  }

  /** Resolves when so many different entries have come; of one action only, when it is named. */
  async received(count: number, action?: string): Promise<void> {
    while (this.differentOf(action) < count) await once(this, 'message');
  }

  private differentOf(action: string | undefined): number {
    const counted = this.messages.filter(({ messageId }) => action === undefined || messageId === action);
    return new Set(counted.map(({ parameters }) => parameters.seq)).size;
  }

  /** Ends at once, with whatever lies unread, as a process does that is killed. */
  async die(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.datagrams?.close();
    if (this.server?.listening === true) await new Promise((resolve) => this.server?.close(resolve));
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (let frame = firstFrame(text); frame !== null; frame = firstFrame(text)) {
        text = text.slice(frame.length);
        this.keep(frame.message);
      }
    });
  }

  private keep(text: string): void {
    this.messages.push(parseMessage(text));
    this.emit('message');
  }
}

/** By its length in front, or else by the end of its line (RFC 6587 §3.4). */
function firstFrame(text: string): { message: string; length: number } | null {
  const counted = /^(\d+) /.exec(text);
  if (counted !== null) {
    const length = counted[0].length + Number(counted[1]);
    return text.length < length ? null : { message: text.slice(counted[0].length, length), length };
  }
  const end = text.indexOf('\n');
  return end < 0 ? null : { message: text.slice(0, end), length: end + 1 };
}
