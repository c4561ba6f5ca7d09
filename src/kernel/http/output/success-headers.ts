import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf } from '../conditional/etag.js';
import { routeFactsOf } from '../routes/route-facts.js';
import { pathOf } from '../server/problem-answer.js';
import { locationOf } from './created.js';

/** Headers that follow from the answer itself: the ETag of a versioned resource, the Location of a new one. */
export function describeSuccess(request: FastifyRequest, reply: FastifyReply, answer: unknown): void {
  if (reply.statusCode >= 300 || typeof answer !== 'object' || answer === null) return;
  const { version } = answer as { version?: unknown };
  if (typeof version === 'number' && !reply.hasHeader('etag')) reply.header('etag', etagOf(version));
  const template = reply.statusCode === 201 ? routeFactsOf(request)?.location : undefined;
  if (template === undefined || reply.hasHeader('location')) return;
  const params = request.params as Record<string, unknown>;
  const path = pathOf(request.raw.url ?? '/');
  reply.header('location', locationOf(template, path, params, answer as Record<string, unknown>));
}
