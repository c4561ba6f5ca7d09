import { HttpException } from '@nestjs/common';
import { databaseProblemOf } from '../../database/index.js';
import {
  Conflict,
  Forbidden,
  InternalError,
  MalformedRequest,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  Problem,
  RequestTimeout,
  ServiceUnavailable,
  Unauthorized,
  UnsupportedMediaType,
  UriTooLong,
  ValidationFailed,
} from '../../problem/index.js';

/** Everything that can be thrown while a request is answered, as the problem its client gets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return problemOfStatus(error.getStatus());
  return databaseProblemOf(error) ?? problemOfServerError(error) ?? new InternalError();
}

/** Errors of Fastify and of Node's HTTP parser carry the status they stand for; only those of the client count. */
function problemOfServerError(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof code !== 'string' || typeof statusCode !== 'number') return null;
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return new MalformedRequest('The body is not as long as Content-Length says.');
  const isOfTheServer = code.startsWith('FST_ERR_') || code === 'ECONNRESET';
  return isOfTheServer && statusCode < 500 ? problemOfStatus(statusCode) : null;
}

/** Messages of the libraries are left out: they may name internals or repeat the input. */
export function problemOfStatus(status: number): Problem {
  const make = BY_STATUS[status];
  if (make !== undefined) return make();
  if (status === 503) return new ServiceUnavailable();
  return status >= 400 && status < 500
    ? new MalformedRequest('The request does not follow the rules of HTTP.')
    : new InternalError();
}

const BY_STATUS: Readonly<Record<number, () => Problem>> = {
  401: () => new Unauthorized(),
  403: () => new Forbidden('The server does not let this request through.'),
  404: () => new NotFound(),
  405: () => new MethodNotAllowed(),
  408: () => new RequestTimeout(),
  409: () => new Conflict(),
  413: () => new PayloadTooLarge(),
  414: () => new UriTooLong(),
  415: () => new UnsupportedMediaType(),
  422: () => new ValidationFailed([]),
};
