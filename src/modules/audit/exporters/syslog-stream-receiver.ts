import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { SyslogTarget } from '../../../kernel/runtime/index.js';
import type { FullEntry } from '../audit-entry.dto.js';
import type { Receiver } from './receiver.js';
import { syslogMessage } from './syslog-message.js';

const CONNECT_LIMIT_MS = 10_000;
/** A receiver that takes nothing for so long is away, whatever its connection says. */
const SEND_LIMIT_MS = 30_000;
const FINISH_LIMIT_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;

/** Syslog over TCP (RFC 6587) or TLS (RFC 5425). Syslog confirms nothing, so what was sent last is doubtful for a while. */
export class SyslogStreamReceiver implements Receiver {
  readonly name = 'syslog';
  readonly doubtfulMs = 2_000;
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
    const frames = entries.map((entry) => this.framed(syslogMessage(entry, origin)));
    await withinLimit(written(socket, frames.join('')), SEND_LIMIT_MS, 'takes nothing');
    this.requireIntact();
  }

  requireIntact(): void {
    if (this.broken !== null) throw this.broken;
  }

  drop(): void {
    this.socket?.destroy();
    this.socket = null;
    this.broken = null;
  }

  async finish(): Promise<void> {
    const { socket } = this;
    if (socket === null) return;
    // Its end is what was asked for.
    socket.removeAllListeners('end').end();
    await withinLimit(once(socket, 'close'), FINISH_LIMIT_MS, 'does not close the connection').finally(() =>
      socket.destroy(),
    );
    this.socket = null;
  }

  /** The messages are ASCII: characters are octets. */
  private framed(message: string): string {
    return this.target.framing === 'octets' ? `${message.length} ${message}` : `${message}\n`;
  }

  private async connected(): Promise<Socket> {
    const socket = await this.open();
    const fail = (reason: string) => (): void => {
      if (this.socket === socket) this.broken ??= new Error(reason);
    };
    socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
    socket.on('error', (error) => fail(error.message)());
    socket.on('end', fail('the receiver has closed the connection'));
    // Receivers say nothing; if one does, it must be read for its end to be noticed.
    socket.resume();
    return socket;
  }

  private async open(): Promise<Socket> {
    const { host, port, transport, caFile } = this.target;
    const ca = caFile === undefined ? undefined : await readFile(caFile);
    const servername = isIP(host) === 0 ? host : undefined;
    const isTls = transport === 'tls';
    const socket = isTls ? connectTls({ host, port, servername, ca }) : connectTcp({ host, port });
    try {
      await withinLimit(
        once(socket, isTls ? 'secureConnect' : 'connect'),
        CONNECT_LIMIT_MS,
        'does not answer',
      );
    } catch (error) {
      socket.on('error', () => undefined).destroy();
      throw error;
    }
    return socket;
  }
}

function written(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(text, 'latin1', (error) => (error ? reject(error) : resolve()));
  });
}

async function withinLimit<T>(work: Promise<T>, limitMs: number, otherwise: string): Promise<T> {
  const patience = new AbortController();
  const limit = pause(limitMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`the receiver ${otherwise}`);
  });
  limit.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([work, limit]).finally(() => patience.abort());
}
