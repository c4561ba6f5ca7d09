import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Clock, type Configuration, Entropy, Ids } from '../../runtime/index.js';
import { Cors } from './cors.js';
import { problemOf } from './problem-of.js';
import { sendProblem } from './problem-answer.js';
import { parseQueryString } from './query-string.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { answerSocketError } from './socket-errors.js';

export const BODY_LIMIT_BYTES = 1024 * 1024;
export const HEADERS_LIMIT_BYTES = 16 * 1024;
const LONGEST_PATH_PARAMETER = 256;
/** A request must have arrived by then, body included. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the usual 60 s of balancers, so that they close first and never write to a closing connection. */
const KEEP_ALIVE_MS = 72_000;

/** Nest's Fastify adapter without its own opinions about bodies and errors; ours are in `configureHttp`. */
export class HttpAdapter extends FastifyAdapter {
  /** Request ids come from here until the application is there with its own. */
  ids: Ids = new Ids(new Clock(), new Entropy());

  constructor(readonly configuration: Configuration) {
    const headers = securityHeaders(configuration);
    const { publicUrl, trustedProxies } = configuration;
    const cors = new Cors(configuration.corsOrigins);
    super({
      bodyLimit: BODY_LIMIT_BYTES,
      trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Host is checked by our own hook, which can answer with a problem.
      http: {
        headersTimeout: HEADERS_TIMEOUT_MS,
        maxHeaderSize: HEADERS_LIMIT_BYTES,
        requireHostHeader: false,
      },
      routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER, querystringParser: parseQueryString },
      genReqId: (raw: IncomingMessage) => requestIdOf(raw, this.ids),
      requestIdHeader: false,
      logger: false,
      return503OnClosing: false,
      skipMiddie: true,
      multipart: false,
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
        reply.headers({ ...headers, 'x-request-id': request.id });
        if (cors.isOn) cors.mark(request, reply);
        sendProblem(problemOf(error), publicUrl, request, reply);
      },
      clientErrorHandler: (error: Error, socket: Socket) =>
        answerSocketError(error, socket, { publicUrl, headers, requestId: this.ids.next() }),
    });
  }

  /** The problem filter wants the error itself, not what its status would be in general. */
  override mapException(error: unknown): unknown {
    return error;
  }

  /** Our JSON parser is the only one. */
  override registerParserMiddleware(): void {
    return;
  }
}

/** What `NestFactory.create` needs besides the module: `NestFactory.create(AppModule, fastifyAdapter(configuration), …)`. */
export function fastifyAdapter(configuration: Configuration): HttpAdapter {
  return new HttpAdapter(configuration);
}
