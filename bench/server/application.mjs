/**
 * The application as `src/boot/start.ts` starts it, with the bench routes beside its own. Arguments: the directory of
 * the build. Tells its parent when it listens, with the set-up token.
 */
import 'reflect-metadata';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { benchController } from './bench.controller.mjs';
import { watchQueries } from './watched-queries.mjs';

const dist = resolve(process.argv[2]);
const fromBuild = (path) => import(pathToFileURL(join(dist, 'src', path)).href);

const [
  { AppModule },
  { prepareDatabase },
  http,
  observability,
  operation,
  runtime,
  { SetupService },
  { DatabasePool },
] = await Promise.all([
  fromBuild('app.module.js'),
  fromBuild('boot/prepare-database.js'),
  fromBuild('kernel/http/index.js'),
  fromBuild('kernel/observability/index.js'),
  fromBuild('kernel/operation/index.js'),
  fromBuild('kernel/runtime/index.js'),
  fromBuild('modules/auth/index.js'),
  fromBuild('kernel/database/pool.js'),
]);

const settings = runtime.loadConfiguration();
const context = () => ({ requestId: operation.operationOrNull()?.requestId });
const log = new observability.ApplicationLog(
  observability.createLogger({ level: settings.logLevel, context }),
);
const { configuration } = await prepareDatabase(settings, log.lines);

class BenchModule {}
Module({ imports: [AppModule.with(configuration, log)], controllers: [await benchController(fromBuild)] })(
  BenchModule,
);

const app = await NestFactory.create(BenchModule, http.fastifyAdapter(configuration), {
  logger: log,
  abortOnError: false,
  bodyParser: false,
});
watchQueries(app.get(DatabasePool), operation.operationOrNull);
const shutdown = app.get(runtime.Shutdown);
shutdown.on('drain', 'http', () => app.getHttpServer().closeAllConnections());
shutdown.on('database', 'application', () => app.close());
runtime.endProcessThrough(shutdown, log);
http.configureHttp(app);
await app.init();
const setup = await app.get(SetupService).prepare();
await app.listen(configuration.port, configuration.host);
process.send({ setupToken: setup?.token });
