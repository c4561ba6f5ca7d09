import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../runtime/configuration.js';
import { concealFields, concealText, describeError, HIDDEN } from './concealment.js';

export type { Logger } from 'pino';

const SECRET_BINDINGS = [
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'key',
];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Fields for every line, such as the id of the request under way. Called per line: must be cheap and not throw. */
  readonly context?: () => Record<string, unknown>;
  /** Where lines go; standard output unless a test listens in. */
  readonly stream?: DestinationStream;
}

/**
 * One JSON object per line: `level`, `time` (ISO 8601, UTC), `msg`, `context` (who wrote it), `requestId` while a
 * request is served, `err` for an error. The time is this machine's: lines must be sortable by those who collect them.
 */
export function createLogger({ level, context, stream = standardOutput() }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      // pino writes the fields of the line into the object it gets here, hence a copy.
      mixin: context === undefined ? undefined : () => ({ ...context() }),
      formatters: {
        level: (label) => ({ level: label }),
        log: concealFields,
      },
      // pino does not pass the bindings of child loggers to the formatter above.
      redact: { paths: SECRET_BINDINGS, censor: HIDDEN },
      serializers: { err: (error: unknown) => (error instanceof Error ? describeError(error) : error) },
      hooks: { streamWrite: concealText },
    },
    stream,
  );
}

/**
 * Written at once, so that the last words of a process that is killed are not lost. A full disk or a closed pipe loses
 * lines but must never end the service.
 */
function standardOutput(): DestinationStream {
  const stream = destination({ dest: 1, sync: true });
  stream.on('error', () => undefined);
  return stream;
}
