import { startEmbeddedPostgres } from '../kernel/database/embedded/index.js';
import { migrateDatabase } from '../kernel/database/migrator.js';
import { Secret } from '../kernel/crypto/secret.js';
import type { Logger } from '../kernel/observability/index.js';
import { Configuration } from '../kernel/runtime/index.js';

export interface PreparedDatabase {
  /** The same configuration, with the URLs of the database that is there now. */
  readonly configuration: Configuration;
  readonly stop: () => Promise<void>;
}

/** Starts the embedded database unless an external one is configured, and brings the schema up to date. */
export async function prepareDatabase(configuration: Configuration, log: Logger): Promise<PreparedDatabase> {
  const { ownerUrl, runtimeUrl, stop } = await findDatabase(configuration, log);
  try {
    const { applied } = await migrateDatabase({ ownerUrl, runtimeUrl, log: (line) => log.info(line) });
    if (applied.length > 0) log.info({ applied }, 'The database schema is up to date');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    configuration: new Configuration({
      ...configuration,
      databaseUrl: new Secret(runtimeUrl),
      migrationDatabaseUrl: new Secret(ownerUrl),
    }),
    stop,
  };
}

export interface FoundDatabase {
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
  readonly stop: () => Promise<void>;
}

/** The configured database, or the embedded one, which is started for it. */
export async function findDatabase(configuration: Configuration, log: Logger): Promise<FoundDatabase> {
  if (configuration.databaseUrl !== undefined) {
    const runtimeUrl = configuration.databaseUrl.reveal();
    const ownerUrl = configuration.migrationDatabaseUrl?.reveal() ?? runtimeUrl;
    return { ownerUrl, runtimeUrl, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({
    dataDir: configuration.dataDir,
    log: { info: (line) => log.info(line), warn: (line) => log.warn(line), error: (line) => log.error(line) },
  });
  return { ownerUrl: embedded.ownerUrl, runtimeUrl: embedded.runtimeUrl, stop: () => embedded.stop() };
}
