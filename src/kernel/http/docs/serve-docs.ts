import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NotFound } from '../../problem/index.js';
import { buildOpenApi } from '../openapi/build-openapi.js';
import type { ApiTag } from '../openapi/document.js';

/** Scripts and styles only from files of ours: nothing inline, nothing from elsewhere. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Reeve API</title>
    <link rel="icon" type="image/png" sizes="32x32" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="stylesheet" href="/docs/page.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Neither the document nor any other setting can be chosen by the address of the page, and no token is kept. */
const START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  queryConfigEnabled: false,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  withCredentials: false,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
});
`;

const STYLE = 'body { margin: 0; background: #fafafa; }\n';

const TEXT_FILES: Readonly<Record<string, { type: string; text: string }>> = {
  'start.js': { type: 'text/javascript; charset=utf-8', text: START },
  'page.css': { type: 'text/css; charset=utf-8', text: STYLE },
};
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The OpenAPI document at /openapi.json and Swagger UI at /docs. */
export function serveDocs(app: NestFastifyApplication, tags: readonly ApiTag[]): void {
  const server = app.getHttpAdapter().getInstance();
  let document: string | undefined;
  server.get('/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(buildOpenApi(app, tags));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  server.get('/docs', async (_request, reply) =>
    withPagePolicy(reply).type('text/html; charset=utf-8').send(PAGE),
  );
  server.get('/docs/', async (_request, reply) => reply.redirect('/docs', 308));
  server.get<{ Params: { file: string } }>('/docs/:file', async ({ params }, reply) =>
    sendFile(params.file, reply),
  );
}

function withPagePolicy(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'content-security-policy': PAGE_POLICY,
    'cross-origin-opener-policy': 'same-origin',
  });
}

async function sendFile(name: string, reply: FastifyReply): Promise<FastifyReply> {
  const own = Object.hasOwn(TEXT_FILES, name) ? TEXT_FILES[name] : undefined;
  if (own !== undefined) return reply.type(own.type).send(own.text);
  if (!Object.hasOwn(ASSETS, name)) throw new NotFound();
  reply.type(ASSETS[name]).header('cache-control', 'public, max-age=86400');
  return reply.send(await asset(name));
}

const loaded = new Map<string, Promise<Buffer>>();

/** Read when somebody looks and kept: there are three of them. */
function asset(name: string): Promise<Buffer> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const read = readFile(join(directory, name));
  loaded.set(name, read);
  return read;
}
