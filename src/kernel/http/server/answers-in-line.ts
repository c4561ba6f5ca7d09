import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers to requests that were sent one after the other without waiting (HTTP pipelining, RFC 9112 §9.3.2). Node gives
 * such an answer no socket before its turn, and when the connection ends first it tells it nothing: whoever waits for its
 * `close` would wait for good. Here it is told.
 */
export class AnswersInLine {
  private readonly inLine = new WeakMap<Socket, Set<ServerResponse>>();

  /** Call when the request comes in, with the connection it came on. */
  watch(response: ServerResponse, socket: Socket): void {
    if (response.socket !== null) return;
    const waiting = this.inLine.get(socket) ?? this.lineOf(socket);
    waiting.add(response);
    const leave = (): void => void waiting.delete(response);
    response.once('socket', leave).once('close', leave);
  }

  private lineOf(socket: Socket): Set<ServerResponse> {
    const waiting = new Set<ServerResponse>();
    this.inLine.set(socket, waiting);
    socket.once('close', () => {
      for (const response of [...waiting]) {
        response.destroy();
        response.emit('close');
      }
    });
    return waiting;
  }
}
