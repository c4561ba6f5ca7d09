import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AuthenticatorRegistry, bearerToken } from '../../access/index.js';
import { type ApplicationLog, isWorthALine, logRequestEnd, type Metrics } from '../../observability/index.js';
import { type Operation, runInOperation } from '../../operation/index.js';
import { MalformedRequest, MisdirectedRequest, type Problem } from '../../problem/index.js';
import type { Clock, Configuration } from '../../runtime/index.js';
import { namesTag } from '../conditional/if-match.js';
import { noteIdempotencyKey } from '../idempotency/idempotent-handler.js';
import { describeSuccess } from '../output/success-headers.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import { OPERATOR_ROUTES } from '../routes/operator-routes.js';
import { routeFactsOf, routePatternOf } from '../routes/route-facts.js';
import { AnswersInLine } from './answers-in-line.js';
import { ClientAddresses } from './client-address.js';
import { Cors } from './cors.js';
import { REQUEST_FIELDS } from './fastify-request.js';
import { hostCheck } from './host-check.js';
import { queryFault } from './query-string.js';
import { repeatedHeader } from './repeated-headers.js';
import { securityHeaders } from './security-headers.js';

const REPLY = Symbol('reeve:reply');
type TrackedResponse = ServerResponse & { [REPLY]?: FastifyReply };
type Done = (error?: Error) => void;

/** What happens to every request before and after its handler. */
export class RequestHooks {
  private readonly headers: Readonly<Record<string, string>>;
  private readonly cors: Cors;
  private readonly isOwnHost: ((host: string) => boolean) | null;
  private readonly addresses = new ClientAddresses();
  private readonly inLine = new AnswersInLine();
  private readonly isBehindProxy: boolean;

  constructor(
    configuration: Configuration,
    private readonly clock: Clock,
    private readonly limits: RateLimits,
    private readonly authenticators: AuthenticatorRegistry,
    private readonly metrics: Metrics,
    private readonly log: ApplicationLog,
  ) {
    this.headers = securityHeaders(configuration);
    this.cors = new Cors(configuration.corsOrigins);
    this.isOwnHost = hostCheck(configuration);
    this.isBehindProxy = configuration.trustedProxies.length > 0;
  }

  install(server: FastifyInstance): void {
    for (const [name, value] of Object.entries(REQUEST_FIELDS)) {
      if (!server.hasRequestDecorator(name)) server.decorateRequest(name, value as never);
    }
    server.addHook('onRequest', (request, reply, done) => this.begin(request, reply, done));
    server.addHook('preSerialization', (request, reply, payload, done) =>
      done(null, describe(request, reply, payload)),
    );
  }

  /** Opens the operation; everything after it, up to the answer, runs inside. */
  private begin(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    this.track(request, reply);
    reply.headers(this.headers);
    reply.header('x-request-id', request.id);
    // Before anything can be refused: a page that may not read a refusal cannot act on it.
    if (this.cors.isOn) this.cors.mark(request, reply);
    const operation = this.operationOf(request);
    request.operation = operation;
    noteIdempotencyKey(operation, { request, reply });
    runInOperation(operation, () => this.admit(request, reply, operation, done));
  }

  private admit(request: FastifyRequest, reply: FastifyReply, operation: Operation, done: Done): void {
    const fault = this.faultOf(request);
    if (fault !== null) return done(fault);
    try {
      const charged = this.chargeAddress(request, reply, operation);
      if (charged instanceof Promise) charged.then(() => this.proceed(request, reply, done), done);
      else this.proceed(request, reply, done);
    } catch (refusal) {
      done(refusal as Error);
    }
  }

  private proceed(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    if (this.cors.isOn && this.cors.answersPreflight(request, reply)) return;
    done();
  }

  /** Counts the request as running until its response is closed, which happens once however it ends. */
  private track(request: FastifyRequest, reply: FastifyReply): void {
    request.startedAtMs = this.clock.monotonicMs();
    this.metrics.requests.started();
    const response = reply.raw as TrackedResponse;
    response[REPLY] = reply;
    response.once('close', this.ended);
    this.inLine.watch(response, request.raw.socket);
  }

  private readonly ended = this.endedBy();

  /** One function for all responses, which are its `this`. */
  private endedBy(): (this: TrackedResponse) => void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the function's own `this` is the response
    const hooks = this;
    return function (this: TrackedResponse) {
      const reply = this[REPLY];
      if (reply !== undefined) hooks.record(reply);
    };
  }

  private record(reply: FastifyReply): void {
    const { request } = reply;
    const durationMs = this.clock.monotonicMs() - request.startedAtMs;
    const pattern = routePatternOf(request);
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_LEFT;
    this.metrics.requests.ended(request.method, pattern, status, durationMs / 1000);
    if (!isWorthALine(this.log.lines, status, durationMs)) return;
    const log = (): void =>
      logRequestEnd(
        this.log.lines,
        request.method,
        pattern ?? 'unmatched',
        status,
        durationMs,
        request.failure,
      );
    if (request.operation === null) log();
    else runInOperation(request.operation, log);
  }

  private operationOf(request: FastifyRequest): Operation {
    return {
      requestId: request.id,
      kind: 'http',
      principal: null,
      clientIp: this.addressOf(request)?.ip ?? null,
      userAgent: request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null,
      transaction: null,
    };
  }

  /** Behind proxies Fastify walks the forwarded addresses; what it finds there may be anything. */
  private addressOf(request: FastifyRequest): ReturnType<ClientAddresses['read']> {
    const socketAddress = request.raw.socket.remoteAddress ?? '';
    const forwarded = this.isBehindProxy ? this.addresses.read(request.ip) : null;
    return forwarded ?? this.addresses.read(socketAddress);
  }

  private faultOf(request: FastifyRequest): Problem | null {
    const { raw } = request;
    const fault =
      repeatedHeader(raw) ?? (request.query === null ? null : (queryFault(request.query) ?? null));
    return fault ?? this.hostFault(raw);
  }

  private hostFault(raw: IncomingMessage): Problem | null {
    const { host } = raw.headers;
    if (host === undefined) {
      return raw.httpVersionMinor === 0 ? null : new MalformedRequest('The Host header is missing.');
    }
    return this.isOwnHost === null || this.isOwnHost(host) ? null : new MisdirectedRequest();
  }

  /**
   * Whoever shows a credential where one is asked for is counted once it is known, by the guard of the route or by the
   * problem filter. Where the address has guessed its limit away, an unknown credential is not looked at any more.
   */
  private chargeAddress(
    request: FastifyRequest,
    reply: FastifyReply,
    operation: Operation,
  ): void | Promise<void> {
    const access = routeFactsOf(request)?.access;
    const network = this.networkOf(operation);
    if (access?.kind === 'authenticated' && request.headers.authorization !== undefined) {
      if (!this.limits.isExhausted(network, 'anonymous') || this.isKnown(request)) return;
    }
    if (OPERATOR_ROUTES.has(routePatternOf(request) ?? '')) return;
    request.isCharged = true;
    const policy = access?.kind === 'public' ? access.rate : 'anonymous';
    return this.limits.chargeAddress(network, policy, reply);
  }

  private networkOf({ clientIp }: Operation): string {
    return clientIp === null ? UNKNOWN_NETWORK : (this.addresses.read(clientIp)?.network ?? clientIp);
  }

  /** Others behind the same address may have used its limit up: that is nothing to those who have been let in before. */
  private isKnown({ raw }: FastifyRequest): boolean {
    const token = bearerToken(raw.rawHeaders);
    return token !== null && this.authenticators.knows(token);
  }

  /** For refusals of requests that nobody has counted yet. */
  chargeLate(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const { operation, principal } = request;
    if (operation === null || request.isCharged) return;
    request.isCharged = true;
    if (principal != null) return this.limits.chargePrincipal(principal, 'principal', reply);
    return this.limits.chargeAddress(this.networkOf(operation), 'anonymous', reply);
  }
}

/** As proxies log a client that went away before its answer; never sent. */
const CLIENT_LEFT = 499;
const LONGEST_USER_AGENT = 512;
/** One for everybody whose address is not known. */
const UNKNOWN_NETWORK = 'unknown';

function describe(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  describeSuccess(request, reply, payload);
  const wanted = request.headers['if-none-match'];
  if (wanted !== undefined && (request.method === 'GET' || request.method === 'HEAD'))
    answerIfUnchanged(wanted, reply);
  return payload;
}

/** RFC 9110 §15.4.5: what the client has is what it would get. */
function answerIfUnchanged(wanted: string, reply: FastifyReply): void {
  const etag = reply.getHeader('etag');
  if (reply.statusCode !== 200 || typeof etag !== 'string' || !namesTag(wanted, etag)) return;
  reply
    .code(304)
    .removeHeader('content-type')
    .serializer(() => null as unknown as string);
}
