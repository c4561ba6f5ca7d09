import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The application put together without being started: Nest's preview mode makes no provider, so neither a database nor
 * a secret is needed to read what the routes declare.
 *
 * @param {string} dist the directory of the build
 */
export async function describeApplication(dist) {
  const load = (path) => import(pathToFileURL(join(dist, 'src', path)).href);
  const [{ NestFactory }, http, runtime, observability, { AppModule }, tags, problems, events, access] = await Promise.all([
    import('@nestjs/core'),
    load('kernel/http/index.js'),
    load('kernel/runtime/index.js'),
    load('kernel/observability/index.js'),
    load('app.module.js'),
    load('api-tags.js'),
    load('kernel/problem/index.js'),
    load('kernel/events/index.js'),
    load('kernel/access/index.js'),
  ]);
  const directory = mkdtempSync(join(tmpdir(), 'reeve-contract-'));
  try {
    const configuration = runtime.loadConfiguration({ NODE_ENV: 'test' }, directory, []);
    const log = new observability.ApplicationLog(observability.createLogger({ level: 'silent' }));
    const app = await NestFactory.create(AppModule.with(configuration, log), http.fastifyAdapter(configuration), {
      preview: true,
      abortOnError: false,
      logger: false,
      bodyParser: false,
    });
    http.prefixRoutes(app);
    const document = http.buildOpenApi(app, tags.API_TAGS);
    return { app, http, document, access, problemCatalogue: problems.problemCatalogue, factCatalogue: events.factCatalogue };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
