import { DatabaseUnavailable, type Problem } from '../problem/index.js';

/** What PostgreSQL says about a refused statement, as far as we use it. */
interface ServerError {
  readonly code?: string;
  readonly constraint?: string;
  readonly message: string;
  /** Of an AggregateError. */
  readonly errors?: readonly unknown[];
}

/**
 * SQLSTATE: connection exceptions, insufficient resources (too many connections, out of memory, disk full), operator
 * intervention other than a cancelled query of ours, and read-only after a failover.
 */
const UNAVAILABLE_STATES = /^(08...|53...|57P0[1-5]|25006)$/;
const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What pg and its pool say without any code. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed and is not queryable|Cannot use a pool after calling end)/;
/**
 * 57014: the statement took longer than statement_timeout, or somebody cancelled it. 55P03: a lock was not to be had.
 * 25P03: a transaction idled too long. 40001, 40P01: in the way of others, also when it was run again.
 */
const OVERLOADED_STATES = new Set(['57014', '55P03', '25P03', '40001', '40P01']);

/** Thrown when the answer to COMMIT was lost: the transaction may have happened, so it must not be run again. */
export class CommitUncertain extends Error {
  constructor(cause: unknown) {
    super('The connection was lost while committing; whether the change happened is not known.', { cause });
  }
}

/** The problem to answer when the database, not the caller, is at fault; null for every other error. */
export function databaseProblemOf(error: unknown): Problem | null {
  if (error instanceof DatabaseUnavailable) return error;
  return isUnavailable(error) || OVERLOADED_STATES.has(serverErrorOf(error)?.code ?? '')
    ? new DatabaseUnavailable()
    : null;
}

/** Whether the connection, rather than the statement, failed; its connection is not to be used again. */
export function isConnectionFailure(error: unknown): boolean {
  const code = serverErrorOf(error)?.code;
  return isUnavailable(error) && !(code?.startsWith('53') === true || code === '25006');
}

/** Serialization failure or deadlock: PostgreSQL has rolled back and running again is right. */
export function isWorthRunningAgain(error: unknown): boolean {
  const code = serverErrorOf(error)?.code;
  return code === '40001' || code === '40P01';
}

/** Whether a lock was not to be had within lock_timeout. */
export function isLockTimeout(error: unknown): boolean {
  return serverErrorOf(error)?.code === '55P03';
}

/** The name of the constraint that refused the row; null when none did. */
export function violatedConstraint(error: unknown): string | null {
  const server = serverErrorOf(error);
  return server?.code?.startsWith('23') === true ? (server.constraint ?? null) : null;
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof CommitUncertain) return true;
  const server = serverErrorOf(error);
  if (server === null) return false;
  // Node tries every address of a host name, and tells of all failures at once.
  if (server.errors !== undefined) return server.errors.some(isUnavailable);
  if (server.code === undefined) return UNAVAILABLE_MESSAGES.test(server.message);
  return UNAVAILABLE_STATES.test(server.code) || UNAVAILABLE_SYSTEM_CODES.has(server.code);
}

/** TypeORM wraps what pg threw and keeps it as `driverError`. Told by shape: errors of Node itself may be of another realm. */
function serverErrorOf(error: unknown): ServerError | null {
  if (typeof error !== 'object' || error === null) return null;
  const inner = (error as { driverError?: object }).driverError ?? error;
  const { code, constraint, message, errors } = inner as Record<string, unknown>;
  return {
    code: typeof code === 'string' ? code : undefined,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    message: typeof message === 'string' ? message : '',
    errors: Array.isArray(errors) && errors.length > 0 ? (errors as unknown[]) : undefined,
  };
}
