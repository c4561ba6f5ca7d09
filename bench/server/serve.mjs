import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { leaveEntriesOut } from './audit-appends.mjs';
import { benchController } from './bench.controller.mjs';
import { watchQueries } from './watched-queries.mjs';

/** What `src/boot/start.ts` does. @param {(path: string) => Promise<any>} fromBuild imports a module of the build */
export async function serve(fromBuild) {
  const [
    { AppModule },
    { prepareDatabase },
    http,
    observability,
    operation,
    runtime,
    { SetupService },
    { DatabasePool },
    { Database },
  ] = await Promise.all([
    fromBuild('app.module.js'),
    fromBuild('boot/prepare-database.js'),
    fromBuild('kernel/http/index.js'),
    fromBuild('kernel/observability/index.js'),
    fromBuild('kernel/operation/index.js'),
    fromBuild('kernel/runtime/index.js'),
    fromBuild('modules/auth/index.js'),
    fromBuild('kernel/database/pool.js'),
    fromBuild('kernel/database/index.js'),
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
  leaveEntriesOut(app.get(Database), operation.operationOrNull);
  const shutdown = app.get(runtime.Shutdown);
  shutdown.on('drain', 'http', () => app.getHttpServer().closeAllConnections());
  shutdown.on('database', 'application', () => app.close());
  runtime.endProcessThrough(shutdown, log);
  http.configureHttp(app);
  await app.init();
  const setup = await app.get(SetupService).prepare();
  await app.listen(configuration.port, configuration.host);
  return { setupToken: setup?.token };
}
