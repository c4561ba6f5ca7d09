import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How long balancers get to see that this process is no longer ready, while it still answers. */
const NOTICE_MS = 1_500;
const IDLE_CHECK_MS = 50;

/** Keeps answering for a moment after readiness went off: requests that are on their way must still find somebody. */
export async function giveNotice(): Promise<void> {
  await pause(NOTICE_MS);
}

/** Ends a server without cutting anybody off. Make it before the server listens: it has to know every connection. */
export class Drain {
  private readonly connections = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** Takes no new connection and resolves when the last request under way has been answered. */
  async run(): Promise<void> {
    if (!this.server.listening) return;
    const closing = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // A connection that was busy when the server closed turns idle later, and would be kept for its keep-alive time.
    const idle = setInterval(() => this.closeIdle(), IDLE_CHECK_MS);
    await closing;
    clearInterval(idle);
  }

  /** Node does not count a connection as idle on which nothing has come yet; browsers open such, to have one at hand. */
  private closeIdle(): void {
    this.server.closeIdleConnections();
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }
}
