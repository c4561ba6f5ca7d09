import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Type } from '@nestjs/common';
import { AppModule } from '../../src/app.module.js';
import { Drain } from '../../src/boot/drain.js';
import { Secret } from '../../src/kernel/crypto/index.js';
import { configureHttp, fastifyAdapter } from '../../src/kernel/http/index.js';
import { ApplicationLog, createLogger } from '../../src/kernel/observability/index.js';
import {
  Configuration,
  type ConfigurationValues,
  loadConfiguration,
  Shutdown,
} from '../../src/kernel/runtime/index.js';
import { HttpClient } from './http-client.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

export interface TestAppOptions {
  /** Share a database, and thereby everything, with another application: two replicas. */
  readonly replicaOf?: TestApp;
  readonly configuration?: Partial<ConfigurationValues>;
}

export interface TestApp {
  readonly url: string;
  /** Nobody in particular. */
  readonly http: HttpClient;
  readonly database: TestDatabase;
  readonly configuration: Configuration;
  get<T>(provider: Type<T> | (abstract new (...args: never[]) => T)): T;
  close(): Promise<void>;
}

/** Of the end of an application; what takes longer has been left behind by the test. */
const LONGEST_PHASE_MS = 3_000;
const SECRET_KEY = 'a-root-key-that-only-tests-use-0123456789';

/**
 * The whole application on a database of its own, listening on a free loopback port. It runs no jobs (role `api`)
 * unless the test asks for them, and its rate limits are out of the way.
 */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.replicaOf?.database ?? (await createTestDatabase());
  const dataDir = options.replicaOf?.configuration.dataDir ?? mkdtempSync(join(tmpdir(), 'reeve-test-'));
  const configuration = configurationFor(database, dataDir, options);
  const log = new ApplicationLog(createLogger({ level: configuration.logLevel }));
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(configuration, log),
    fastifyAdapter(configuration),
    { logger: log, abortOnError: false, bodyParser: false },
  );
  const drain = new Drain(app.getHttpServer());
  app.get(Shutdown).on('drain', 'http', () => drain.run());
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    url,
    http: new HttpClient(url),
    database,
    configuration,
    get: (provider) => app.get(provider as Type, { strict: false }),
    close: async () => {
      await app.get(Shutdown).stop('test ended', LONGEST_PHASE_MS);
      // What a test has begun to send and never finished keeps nobody waiting.
      app.getHttpServer().closeAllConnections();
      await app.close();
      if (options.replicaOf !== undefined) return;
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function configurationFor(database: TestDatabase, dataDir: string, options: TestAppOptions): Configuration {
  const defaults = loadConfiguration(
    { REEVE_DATA_DIR: dataDir, REEVE_LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent' },
    dataDir,
  );
  return new Configuration({
    ...defaults,
    databaseUrl: new Secret(database.runtimeUrl),
    secretKey: new Secret(SECRET_KEY),
    role: 'api',
    dbPoolSize: 8,
    rate: { anonymous: 1_000_000, auth: 1_000_000, principal: 1_000_000, export: 1_000_000 },
    ...options.replicaOf?.configuration,
    ...options.configuration,
  });
}
