import type { LoggerService } from '@nestjs/common';
import { isPlain } from './concealment.js';
import type { Logger } from './logger.js';

/** What Nest says while it assembles itself: hundreds of lines that matter only when assembling fails. */
const ASSEMBLY = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

type Severity = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/**
 * What `new Logger('Subject')` of Nest writes to. Nest passes the subject as the last argument; an Error or an object of
 * fields may come in any place.
 */
export class ApplicationLog implements LoggerService {
  constructor(readonly lines: Logger) {}

  log(message: unknown, ...details: unknown[]): void {
    const isAssembly = ASSEMBLY.has(String(details.at(-1)));
    this.write(isAssembly ? 'debug' : 'info', message, details);
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.write('fatal', message, details);
  }

  error(message: unknown, ...details: unknown[]): void {
    this.write('error', message, details);
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.write('warn', message, details);
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.write('debug', message, details);
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.write('trace', message, details);
  }

  private write(severity: Severity, message: unknown, details: readonly unknown[]): void {
    if (!this.lines.isLevelEnabled(severity)) return;
    const fields: Record<string, unknown> = {};
    for (const part of [message, ...details]) addFields(fields, part);
    const texts = details.filter((part) => typeof part === 'string');
    const stack = texts.find((text) => text.includes('\n'));
    if (stack !== undefined && fields.err === undefined) fields.stack = stack;
    const [context, remark] = texts.filter((text) => text !== stack).reverse();
    if (context !== undefined) fields.context = context;
    this.lines[severity](fields, textOf(message) ?? remark ?? textOf(fields.err));
  }
}

function addFields(fields: Record<string, unknown>, part: unknown): void {
  if (part instanceof Error) fields.err = part;
  else if (typeof part === 'object' && part !== null)
    Object.assign(fields, isPlain(part) ? part : { value: part });
}

function textOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return message.message;
  return typeof message === 'number' || typeof message === 'boolean' ? String(message) : undefined;
}
