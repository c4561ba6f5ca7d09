import type { Socket } from 'node:net';
import { HeadersTooLarge, MalformedRequest, type Problem, RequestTimeout } from '../../problem/index.js';
import { PROBLEM_JSON, problemBody } from './problem-answer.js';

interface SocketError extends Error {
  readonly code?: string;
}

/** What Node's parser refuses never becomes a request, so the answer is written to the socket by hand. */
export function answerSocketError(error: SocketError, socket: Socket, answer: SocketAnswer): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  // Half an answer may be on its way already; more bytes would corrupt it.
  if (socket.bytesWritten > 0 && isAnswering(socket)) {
    socket.destroy(error);
    return;
  }
  socket.end(rawAnswer(problemOfParser(error), answer));
}

export interface SocketAnswer {
  readonly publicUrl: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

function problemOfParser(error: SocketError): Problem {
  if (error.code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge();
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeout();
  return new MalformedRequest('The request does not follow HTTP/1.1.');
}

function isAnswering(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: { headersSent: boolean } | null };
  return answer?.headersSent === true;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
};

function rawAnswer(problem: Problem, { publicUrl, requestId, headers }: SocketAnswer): string {
  const body = problemBody(problem, publicUrl, { instance: '/', requestId });
  const lines = [
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status]}`,
    ...Object.entries({
      ...headers,
      'x-request-id': requestId,
      'content-type': PROBLEM_JSON,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
