import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_TAGS } from '../api-tags.js';
import { AppModule } from '../app.module.js';
import { configureHttp, fastifyAdapter } from '../kernel/http/index.js';
import { ApplicationLog, createLogger } from '../kernel/observability/index.js';
import { operationOrNull } from '../kernel/operation/index.js';
import {
  type Configuration,
  ConfigurationFaults,
  endProcessThrough,
  loadConfiguration,
  Shutdown,
} from '../kernel/runtime/index.js';
import { SetupService } from '../modules/auth/index.js';
import { Readiness } from '../modules/health/index.js';
import { Drain, giveNotice } from './drain.js';
import { prepareDatabase } from './prepare-database.js';
import { welcome } from './welcome.js';

/** Nobody waits for what has not begun. */
const FAILED_START_PHASE_LIMIT_MS = 5_000;

/** One process from its settings to listening. What cannot start says why on standard error and exits with 1. */
export async function start(): Promise<void> {
  const settings = configurationOrExit();
  const log = new ApplicationLog(createLogger({ level: settings.logLevel, context: logContext }));
  for (const warning of warningsOf(settings)) log.warn(warning);
  try {
    await serve(settings, log);
  } catch (error) {
    log.fatal(error, 'Start');
    process.exit(1);
  }
}

async function serve(settings: Configuration, log: ApplicationLog): Promise<void> {
  const { configuration, stop: stopDatabase } = await prepareDatabase(settings, log.lines);
  let end: () => Promise<unknown> = stopDatabase;
  try {
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.with(configuration, log),
      fastifyAdapter(configuration),
      { logger: log, abortOnError: false, bodyParser: false },
    );
    const shutdown = app.get(Shutdown);
    if (configuration.isProduction) shutdown.on('readiness', 'notice to balancers', giveNotice);
    const drain = new Drain(app.getHttpServer());
    shutdown.on('drain', 'http', () => drain.run());
    shutdown.on('database', 'application', () => app.close());
    shutdown.on('embedded', 'embedded database', stopDatabase);
    endProcessThrough(shutdown, log);
    end = () => shutdown.stop('the start failed', FAILED_START_PHASE_LIMIT_MS);

    configureHttp(app, API_TAGS);
    await app.init();
    for (const warning of app.get(Readiness).warnings()) log.warn(warning, 'Database');
    const setup = await app.get(SetupService).prepare();
    await listen(app, configuration);
    process.stdout.write(welcome(configuration, await app.getUrl(), setup));
  } catch (error) {
    await end();
    throw error;
  }
}

async function listen(app: NestFastifyApplication, { host, port }: Configuration): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} of ${host} is taken by another process. End that one, or set PORT to another number (0 takes any free one).`,
      { cause: error },
    );
  }
}

function configurationOrExit(): Configuration {
  try {
    return loadConfiguration();
  } catch (error) {
    if (!(error instanceof ConfigurationFaults)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function warningsOf(configuration: Configuration): string[] {
  const idle = configuration.withoutEffect.map(
    (name) => `${name} is set, but this version has no part that uses it.`,
  );
  return [...configuration.warnings, ...idle];
}

function logContext(): Record<string, unknown> {
  const operation = operationOrNull();
  return operation === null ? {} : { requestId: operation.requestId };
}
