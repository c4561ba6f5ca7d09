import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tmpdir } from 'node:os';
import { AppModule } from '../../src/app.module.js';
import { fastifyAdapter, prefixRoutes } from '../../src/kernel/http/index.js';
import { ApplicationLog, createLogger } from '../../src/kernel/observability/index.js';
import { loadConfiguration } from '../../src/kernel/runtime/index.js';

/** The application put together and not started: enough to see what its routes declare. */
export async function describedApp(): Promise<NestFastifyApplication> {
  const configuration = loadConfiguration({ NODE_ENV: 'test' }, tmpdir(), []);
  const log = new ApplicationLog(createLogger({ level: 'silent' }));
  const options = { preview: true, abortOnError: false, logger: false, bodyParser: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(configuration, log),
    fastifyAdapter(configuration),
    options,
  );
  prefixRoutes(app);
  return app;
}
