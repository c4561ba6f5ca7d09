import type { FastifyReply, FastifyRequest } from 'fastify';

const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id',
  'access-control-max-age': '600',
  'content-length': '0',
};
const EXPOSED = 'ETag, Location, X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed';

/**
 * Cross-origin access for the listed origins, compared exactly and without credentials: we use no cookies. Other origins
 * (`null` among them) get an answer without permission, which is what keeps their pages from reading it.
 */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.origins = new Set(origins.filter((origin) => origin !== 'null' && origin !== '*'));
  }

  get isOn(): boolean {
    return this.origins.size > 0;
  }

  /** Says on the answer, whatever it will be, who may read it. */
  mark(request: FastifyRequest, reply: FastifyReply): void {
    reply.header('vary', 'Origin');
    const origin = this.listedOriginOf(request);
    if (origin === null) return;
    reply.header('access-control-allow-origin', origin);
    // The API is read from elsewhere on purpose then.
    reply.header('cross-origin-resource-policy', 'cross-origin');
    if (!isPreflight(request)) reply.header('access-control-expose-headers', EXPOSED);
  }

  /** True when the request was a preflight of a listed origin and is answered. */
  answersPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
    if (!isPreflight(request) || this.listedOriginOf(request) === null) return false;
    reply.code(204).headers(PREFLIGHT).send();
    return true;
  }

  private listedOriginOf(request: FastifyRequest): string | null {
    const { origin } = request.headers;
    return origin !== undefined && this.origins.has(origin) ? origin : null;
  }
}

function isPreflight(request: FastifyRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}
