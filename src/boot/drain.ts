import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How long balancers get to see that this process is no longer ready, while it still answers. */
const NOTICE_MS = 1_500;
const IDLE_CHECK_MS = 50;

/** Keeps answering for a moment after readiness went off: requests that are on their way must still find somebody. */
export async function giveNotice(): Promise<void> {
  await pause(NOTICE_MS);
}

/** Takes no new connection and resolves when the last request under way has been answered. */
export async function drain(server: Server): Promise<void> {
  if (!server.listening) return;
  const closing = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that was busy when the server closed turns idle later, and would be kept for its keep-alive time.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  await closing;
  clearInterval(idle);
}
