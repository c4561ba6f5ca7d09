import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusals } from '../../access/index.js';
import { runInOperation } from '../../operation/index.js';
import { MethodNotAllowed, NotFound, PayloadTooLarge, Problem } from '../../problem/index.js';
import type { KnownRoutes } from './known-routes.js';
import { pathOf, sendProblem } from './problem-answer.js';
import { problemOf } from './problem-of.js';
import type { RequestHooks } from './request-hooks.js';

/** More than this is not read just to answer politely. */
const MOST_DRAINED_BYTES = 64 * 1024 * 1024;

/** Renders everything that is thrown, by us, Nest or Fastify. Nothing of an unforeseen error reaches the client. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  constructor(
    private readonly publicUrl: string,
    private readonly hooks: RequestHooks,
    private readonly routes: KnownRoutes,
    private readonly refusals: Refusals,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // An error after the answer has begun can only cut it short.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const recorded = error instanceof Problem ? this.refusals.record(error, request, null) : null;
    if (recorded === null) return this.countThenAnswer(error, request, reply);
    recorded.then(
      () => this.countThenAnswer(error, request, reply),
      (failure: unknown) => this.countThenAnswer(failure, request, reply),
    );
  }

  /** A refusal counts like an answer, else guessing would be free; what exceeds the limit is told so instead. */
  private countThenAnswer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    try {
      const charged = this.hooks.chargeLate(request, reply);
      if (!(charged instanceof Promise)) return this.answer(error, request, reply);
      charged.then(
        () => this.answer(error, request, reply),
        (refusal: unknown) => this.answer(refusal, request, reply),
      );
    } catch (refusal) {
      this.answer(refusal, request, reply);
    }
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.refined(problemOf(error), request);
    if (problem.status >= 500) this.report(error, problem, request);
    if (problem instanceof PayloadTooLarge) letClientFinish(request, reply);
    sendProblem(problem, this.publicUrl, request, reply);
  }

  /** Only the server knows which methods a path has. */
  private refined(problem: Problem, request: FastifyRequest): Problem {
    if (!(problem instanceof NotFound) || !request.is404) return problem;
    const allowed = this.routes.methodsOf(pathOf(request.raw.url ?? '/'));
    if (allowed.length === 0) return problem;
    return new MethodNotAllowed(undefined, { headers: { Allow: allowed.join(', ') } });
  }

  private report(error: unknown, problem: Problem, request: FastifyRequest): void {
    request.failure = error;
    // A database that is away says so once per second elsewhere; the request's own line is enough.
    if (problem.status === 503) return;
    const write = (): void =>
      this.log.error(
        error instanceof Error ? error : new Error('Something was thrown that is no error', { cause: error }),
      );
    if (request.operation == null) write();
    else runInOperation(request.operation, write);
  }
}

/**
 * A client that is still sending sees a reset instead of the answer when the connection is closed under it. Without the
 * header Node reads and drops the rest, within the request timeout.
 */
function letClientFinish(request: FastifyRequest, reply: FastifyReply): void {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length <= MOST_DRAINED_BYTES) reply.removeHeader('connection');
}
