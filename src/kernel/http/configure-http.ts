import { type INestApplication, RequestMethod } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthenticatorRegistry, Refusals } from '../access/index.js';
import { ApplicationLog, Metrics } from '../observability/index.js';
import { MalformedRequest, NotFound } from '../problem/index.js';
import { Clock, Configuration, Ids } from '../runtime/index.js';
import { serveDocs } from './docs/serve-docs.js';
import type { ApiTag } from './openapi/document.js';
import { RateLimits } from './rate-limit/rate-limits.js';
import { OPERATOR_ROUTES } from './routes/operator-routes.js';
import { prepareRoutes } from './routes/prepare-routes.js';
import { routePatternOf } from './routes/route-facts.js';
import { BODY_LIMIT_BYTES, HttpAdapter } from './server/http-adapter.js';
import { parseJsonBody } from './server/json-body.js';
import { KnownRoutes } from './server/known-routes.js';
import { PROBLEM_JSON, problemBody } from './server/problem-answer.js';
import { ProblemFilter } from './server/problem.filter.js';
import { RequestHooks } from './server/request-hooks.js';
import { requestIdOf } from './server/request-id.js';
import { securityHeaders } from './server/security-headers.js';

export const API_PREFIX = 'api/v1';

/** For operators, machines and readers of problem types rather than for clients of the API. */
const OUTSIDE_THE_API = [
  'healthz',
  'readyz',
  'startupz',
  'metrics',
  'problems/:code',
  '.well-known/jwks.json',
  'pair',
];

/**
 * Everything between the socket and the controllers: prefix, request ids, the operation, limits, strict bodies and
 * queries, validation, problems. Call it once, after the application was created and before it is initialised; the
 * application must have been created with `fastifyAdapter(configuration)`.
 */
export function configureHttp(app: NestFastifyApplication, tags: readonly ApiTag[] = []): void {
  const adapter: unknown = app.getHttpAdapter();
  if (!(adapter instanceof HttpAdapter))
    throw new Error('Create the application with fastifyAdapter(configuration).');
  const configuration = app.get(Configuration);
  const server = adapter.getInstance<FastifyInstance>();
  adapter.ids = app.get(Ids);

  prefixRoutes(app);
  const hooks = new RequestHooks(
    configuration,
    app.get(Clock),
    app.get(RateLimits),
    app.get(AuthenticatorRegistry),
    app.get(Metrics),
    app.get(ApplicationLog),
  );
  hooks.install(server);
  const routes = rememberRoutes(server, configuration);
  app.useGlobalFilters(new ProblemFilter(configuration.publicUrl, hooks, routes, app.get(Refusals)));
  acceptJsonOnly(server);
  refuseExpectations(server, adapter);
  prepareRoutes(app);
  if (!configuration.servesHttp) serveOperatorsOnly(server);
  else if (configuration.docs) serveDocs(app, tags);
}

/** The one part that an application needs which is only to be described. */
export function prefixRoutes(app: INestApplication): void {
  const exclude = OUTSIDE_THE_API.map((path) => ({ path, method: RequestMethod.ALL }));
  app.setGlobalPrefix(API_PREFIX, { exclude });
}

/**
 * A worker listens for probes and scrapers; the API is for processes that a balancer knows. Judged by the route that was
 * found, for an address can be written in many ways.
 */
function serveOperatorsOnly(server: FastifyInstance): void {
  const refusal = 'This process only runs jobs; ask one whose REEVE_ROLE is api or all.';
  server.addHook('onRequest', (request, _reply, done) =>
    done(OPERATOR_ROUTES.has(routePatternOf(request) ?? '') ? undefined : new NotFound(refusal)),
  );
}

function rememberRoutes(server: FastifyInstance, { servesHttp }: Configuration): KnownRoutes {
  const routes = new KnownRoutes();
  server.addHook('onRoute', ({ url, method }) => {
    if (servesHttp || OPERATOR_ROUTES.has(url)) routes.add(url, [method].flat());
  });
  return routes;
}

function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body, done) => {
      try {
        done(null, parseJsonBody(body as Buffer));
      } catch (refusal) {
        done(refusal as Error);
      }
    },
  );
}

/** Node answers an unknown Expect with an empty 417 before anybody is asked. */
function refuseExpectations(server: FastifyInstance, adapter: HttpAdapter): void {
  const { configuration } = adapter;
  server.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const problem = new MalformedRequest('The Expect header asks for something unknown.');
    const requestId = requestIdOf(request, adapter.ids);
    const body = problemBody(problem, configuration.publicUrl, { instance: '/', requestId });
    response.writeHead(problem.status, {
      ...securityHeaders(configuration),
      'content-type': PROBLEM_JSON,
      'content-length': Buffer.byteLength(body),
      'x-request-id': requestId,
      connection: 'close',
    });
    response.end(body);
  });
}
