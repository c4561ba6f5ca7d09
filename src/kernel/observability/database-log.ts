import type { Logger } from './logger.js';

/**
 * TypeORM's logger, by shape: that package stays out of this folder. Parameters are never written, they are other
 * people's data. A failed query is a debug line, because whoever asked decides whether it is a failure: a violated
 * constraint often is a rule at work.
 */
export class DatabaseLog {
  constructor(private readonly lines: Logger) {}

  logQuery(query: string): void {
    this.lines.trace({ context: 'Database', query }, 'query');
  }

  logQueryError(error: string | Error, query: string): void {
    const err = error instanceof Error ? error : new Error(error);
    this.lines.debug({ context: 'Database', query, err }, 'query failed');
  }

  logQuerySlow(durationMs: number, query: string): void {
    this.lines.warn({ context: 'Database', query, durationMs }, 'query was slow');
  }

  logSchemaBuild(message: string): void {
    this.lines.debug({ context: 'Database' }, message);
  }

  logMigration(message: string): void {
    this.lines.info({ context: 'Migrations' }, message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.lines[level === 'warn' ? 'warn' : 'debug']({ context: 'Database' }, String(message));
  }
}
