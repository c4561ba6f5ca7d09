import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../problem/index.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Where a problem happened: what the body says besides the problem itself. */
export interface Occurrence {
  /** Path of the request, without its query. */
  readonly instance: string;
  readonly requestId: string;
}

/** The body of RFC 9457; `undefined` members vanish in JSON. */
export function problemBody(
  problem: Problem,
  publicUrl: string,
  { instance, requestId }: Occurrence,
): string {
  const { type, explanation, errors, members } = problem;
  return JSON.stringify({
    ...members,
    type: `${publicUrl}/problems/${type.code}`,
    title: type.title,
    status: type.status,
    detail: explanation,
    instance,
    code: type.code,
    requestId,
    errors,
  });
}

export function sendProblem(
  problem: Problem,
  publicUrl: string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const occurrence = { instance: pathOf(request.raw.url ?? '/'), requestId: request.id };
  // They were meant for the success that did not come, for instance because its transaction could not be committed.
  for (const name of ['etag', 'location', 'idempotent-replayed']) reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  if (problem.headers !== undefined) reply.headers(problem.headers);
  reply
    .code(problem.status)
    .header('content-type', PROBLEM_JSON)
    .send(problemBody(problem, publicUrl, occurrence));
}

const LONGEST_INSTANCE = 512;

/** Paths may carry anything a client can type; JSON escapes it, and a reader needs no more than the beginning. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return (end === -1 ? url : url.slice(0, end)).slice(0, LONGEST_INSTANCE);
}
