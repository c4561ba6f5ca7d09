import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { destination } from 'pino';
import { AppModule } from '../app.module.js';
import { Secret } from '../kernel/crypto/index.js';
import { pendingMigrations } from '../kernel/database/index.js';
import { ApplicationLog, createLogger } from '../kernel/observability/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../kernel/operation/index.js';
import { Configuration, Ids, loadConfiguration } from '../kernel/runtime/index.js';
import { joinDatabase } from './database.js';

export interface CommandApplication {
  get<T>(provider: Type<T>): T;
}

/** Runs a command inside the application, which neither listens nor runs jobs, in the name of the service itself. */
export async function withApplication<T>(work: (app: CommandApplication) => Promise<T>): Promise<T> {
  const settings = loadConfiguration();
  const database = await joinDatabase(settings);
  try {
    await requireCurrentSchema(database.runtimeUrl);
    const configuration = new Configuration({
      ...settings,
      databaseUrl: new Secret(database.runtimeUrl),
      migrationDatabaseUrl: new Secret(database.ownerUrl),
      role: 'api',
    });
    const app = await open(configuration);
    try {
      const operation = systemOperation('boot', app.get(Ids).next(), systemPrincipal('command'));
      return await runInOperation(operation, () =>
        work({ get: (provider) => app.get(provider, { strict: false }) }),
      );
    } finally {
      await app.close();
    }
  } finally {
    await database.stop();
  }
}

/** What is logged goes beside the results, not among them. */
function open(configuration: Configuration): Promise<INestApplicationContext> {
  const stream = destination({ dest: 2, sync: true });
  const log = new ApplicationLog(createLogger({ level: 'warn', stream }));
  return NestFactory.createApplicationContext(AppModule.with(configuration, log), {
    logger: log,
    abortOnError: false,
  });
}

async function requireCurrentSchema(url: string): Promise<void> {
  const pending = await pendingMigrations(url);
  if (pending.length > 0)
    throw new Error(
      `The database has not the schema of this version (${pending.join(', ')}). Run: reeve migrate`,
    );
}
