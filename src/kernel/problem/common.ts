import { problem, type FieldError } from './problem.js';

export class MalformedRequest extends problem({
  status: 400,
  code: 'malformed_request',
  title: 'The request cannot be read',
  meaning: 'The request line, a header, the query string or the JSON text does not follow its format.',
  remedy: 'Correct the part that the detail names; the same request will fail again.',
}) {}

export class TooDeep extends problem({
  status: 400,
  code: 'too_deep',
  title: 'The JSON is nested too deeply',
  meaning: 'The body nests arrays and objects more than 32 levels deep.',
  remedy: 'Send a flatter document.',
}) {}

export class RepeatedParameter extends problem({
  status: 400,
  code: 'repeated_parameter',
  title: 'A parameter was given twice',
  meaning: 'A query parameter or a header that may occur once occurs more often, so its value is ambiguous.',
  remedy: 'Give each name once.',
}) {}

export class InvalidCursor extends problem({
  status: 400,
  code: 'invalid_cursor',
  title: 'The cursor is not valid here',
  meaning: 'The cursor was changed, or it was issued for another list, other filters or another tenant.',
  remedy: 'Start again without a cursor and follow `nextCursor` with unchanged filters.',
}) {}

export class InvalidIdempotencyKey extends problem({
  status: 400,
  code: 'invalid_idempotency_key',
  title: 'The idempotency key is not valid',
  meaning: 'Idempotency-Key is not 1 to 255 visible ASCII characters, bare or as one quoted string.',
  remedy: 'Send a random identifier such as a UUID.',
}) {}

export class Unauthorized extends problem({
  status: 401,
  code: 'unauthorized',
  title: 'Authentication is required',
  meaning: 'The request carries no credential, or one that is malformed, unknown, expired or revoked.',
  remedy: 'Sign in or refresh the access token, then send `Authorization: Bearer <token>`.',
}) {
  constructor(detail = 'Send a valid credential as `Authorization: Bearer <token>`.') {
    super(detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
  }
}

export class Forbidden extends problem({
  status: 403,
  code: 'forbidden',
  title: 'The permission is missing',
  meaning: 'The caller is known but lacks the permission that the detail names.',
  remedy: 'Ask an administrator for a role that holds the permission.',
}) {}

export class StepUpRequired extends problem({
  status: 403,
  code: 'step_up_required',
  title: 'Recent authentication is required',
  meaning: 'The route is sensitive and the session proved itself more than 15 minutes ago.',
  remedy: 'Call POST /api/v1/auth/reauthenticate, then repeat the request with the new access token.',
}) {}

export class CredentialNotAllowed extends problem({
  status: 403,
  code: 'credential_not_allowed',
  title: 'This kind of credential is not allowed here',
  meaning: 'The route does not accept the kind of credential that was sent, for example an API key.',
  remedy: 'Use a kind of credential that the documentation of the route lists, usually a signed-in session.',
}) {}

export class ImpersonationNotAllowed extends problem({
  status: 403,
  code: 'impersonation_not_allowed',
  title: 'Not while acting as another user',
  meaning:
    'The request was made with an impersonation. It would change credentials, accounts or rights, show a secret, decide ' +
    'something, or start another impersonation, which only the user themselves may do.',
  remedy:
    'Ask the user to do it, or do it in your own name: end the impersonation with ' +
    'DELETE /api/v1/admin/impersonations/current and use your own session.',
}) {
  constructor() {
    super('You act as another user, who must do this themselves. In your own name, use your own session.');
  }
}

export class NotFound extends problem({
  status: 404,
  code: 'not_found',
  title: 'Nothing was found here',
  meaning: 'The path names no route, or no resource that the caller can see.',
  remedy: 'Check the path and the identifier.',
}) {}

export class MethodNotAllowed extends problem({
  status: 405,
  code: 'method_not_allowed',
  title: 'The method is not allowed here',
  meaning: 'The path exists, but not with this method; the Allow header lists the methods it has.',
  remedy: 'Use one of the listed methods.',
}) {}

export class RequestTimeout extends problem({
  status: 408,
  code: 'request_timeout',
  title: 'The request took too long to arrive',
  meaning: 'The client did not finish sending its request in time.',
  remedy: 'Send the request again on a new connection.',
}) {}

export class Conflict extends problem({
  status: 409,
  code: 'conflict',
  title: 'The request conflicts with the current state',
  meaning: 'The resource is in a state that does not allow this.',
  remedy: 'Read the resource and decide again.',
}) {}

export class VersionMismatch extends problem({
  status: 409,
  code: 'version_mismatch',
  title: 'The resource has changed',
  meaning: 'If-Match names a version that is not the current one; nothing was changed.',
  remedy: 'Read the resource again, apply the change to it and send its new ETag.',
}) {
  /** `expected` is null when no version could have matched, for example for a weak entity tag. */
  constructor(expected: number | null, actual: number) {
    const named = expected !== null && expected >= 0 ? expected : null;
    super('The version in If-Match is not the current one.', { members: { expected: named, actual } });
  }
}

export class IdempotencyConflict extends problem({
  status: 409,
  code: 'idempotency_conflict',
  title: 'The idempotency key was used for another request',
  meaning: 'The same Idempotency-Key came with a different body within 24 hours.',
  remedy: 'Use a new key for a new request; repeat a request with exactly its first body.',
}) {}

export class IdempotencyInFlight extends problem({
  status: 409,
  code: 'idempotency_in_flight',
  title: 'The first request with this key is still running',
  meaning: 'A request with the same Idempotency-Key has not finished yet.',
  remedy: 'Wait for the seconds in Retry-After and send the same request again.',
}) {
  constructor() {
    super('Send the same request again after a moment.', { headers: { 'Retry-After': '1' } });
  }
}

export class PayloadTooLarge extends problem({
  status: 413,
  code: 'payload_too_large',
  title: 'The body is too large',
  meaning: 'The body is larger than 1 MiB.',
  remedy: 'Send less at once.',
}) {}

export class UriTooLong extends problem({
  status: 414,
  code: 'uri_too_long',
  title: 'The address is too long',
  meaning: 'A segment of the path is longer than any identifier.',
  remedy: 'Check the path.',
}) {}

export class UnsupportedMediaType extends problem({
  status: 415,
  code: 'unsupported_media_type',
  title: 'The body has an unsupported type',
  meaning: 'The Content-Type is missing or is not one the route reads, normally application/json.',
  remedy: 'Send JSON with `Content-Type: application/json`.',
}) {}

export class MisdirectedRequest extends problem({
  status: 421,
  code: 'misdirected_request',
  title: 'The request is for another host',
  meaning: 'The service listens on this machine only and the Host header names something else.',
  remedy: 'Call it as localhost, or set REEVE_PUBLIC_URL to the name it is called by.',
}) {}

export class ValidationFailed extends problem({
  status: 422,
  code: 'validation_failed',
  title: 'The input is not valid',
  meaning: 'The request could be read but breaks the rules that `errors` lists, each with a pointer.',
  remedy: 'Correct the fields that `errors` points at.',
}) {
  constructor(errors: readonly FieldError[], detail?: string) {
    super(detail ?? describe(errors), { errors });
  }
}

export class PreconditionRequired extends problem({
  status: 428,
  code: 'precondition_required',
  title: 'If-Match is required',
  meaning: 'The route changes a resource that others may be changing too, and no version was named.',
  remedy: 'Read the resource and send its ETag as If-Match.',
}) {}

export class RateLimited extends problem({
  status: 429,
  code: 'rate_limited',
  title: 'Too many requests',
  meaning: 'The limit that the RateLimit-Policy header describes is used up for this window.',
  remedy: 'Wait for the seconds in Retry-After; spread requests out.',
}) {}

export class TooManyStreams extends problem({
  status: 429,
  code: 'too_many_streams',
  title: 'Too many streams are open',
  meaning:
    'The caller, or everybody together, has as many streams or waiting requests of this kind open at this process as it gives out. Nothing was done.',
  remedy:
    'Close one, or wait for the seconds in Retry-After; one stream with wider filters may do for several, and a request without waitSeconds is answered at once.',
}) {
  constructor(detail: string) {
    super(detail, { headers: { 'Retry-After': '10' } });
  }
}

export class HeadersTooLarge extends problem({
  status: 431,
  code: 'headers_too_large',
  title: 'The headers are too large',
  meaning: 'The request line and headers together are larger than 16 KiB.',
  remedy: 'Send fewer or shorter headers.',
}) {}

export class InternalError extends problem({
  status: 500,
  code: 'internal_error',
  title: 'Something went wrong on our side',
  meaning: 'The service met a fault of its own; the log has the details under the request id.',
  remedy: 'Try again; if it stays, tell the operator the request id.',
}) {}

export class ServiceUnavailable extends problem({
  status: 503,
  code: 'service_unavailable',
  title: 'The service is not available now',
  meaning: 'The service is starting, stopping or too busy to take the request.',
  remedy: 'Try again after the seconds in Retry-After.',
}) {
  constructor(detail?: string, retryAfterSeconds = 1) {
    super(detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });
  }
}

export class DatabaseUnavailable extends problem({
  status: 503,
  code: 'database_unavailable',
  title: 'The database is not available now',
  meaning: 'The database cannot be reached or is overloaded; nothing is known to have been changed.',
  remedy: 'Try again after the seconds in Retry-After, with an Idempotency-Key for changes.',
}) {
  constructor() {
    super('The database did not answer; try again.', { headers: { 'Retry-After': '1' } });
  }
}

const MOST_DESCRIBED = 3;
const LONGEST_NAME = 64;

/** Many programs show the detail and nothing else, so it names the fields. */
function describe(errors: readonly FieldError[]): string {
  const shown = errors.slice(0, MOST_DESCRIBED).map(sentence);
  const more = errors.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more are in errors.`] : [])].join(' ');
}

function sentence({ pointer, message }: FieldError): string {
  // Cut in the middle of a character, it would be text that some readers of JSON do not take.
  const field = pointer.slice(1, LONGEST_NAME).toWellFormed();
  const isNamed = message.toLowerCase().startsWith(`${field.toLowerCase()} `);
  return field === '' || isNamed ? message : `${field}: ${message}`;
}
