import { type INestApplication, RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { isOpenToImpersonation, type ScopeSource } from '../../access/index.js';
import type { ProblemType } from '../../problem/index.js';
import { handlersOf, type RouteHandler } from '../routes/prepare-routes.js';
import { otherSuccessesOf } from '../output/answers.js';
import { factsOf, type RouteFacts } from '../routes/route-facts.js';
import type { ApiTag, Document, Operation, Parameter, Schema } from './document.js';
import { exampleOf } from './examples.js';
import { packageVersion } from './package-version.js';
import { PROBLEM_SCHEMAS, problemResponse } from './problem-responses.js';
import { describeVersion, refineSchemas } from './refine-schemas.js';
import { honoursIfMatch, mayRepeat, refusalsOfRoute } from './refusals-of-route.js';

const DESCRIPTION = `Access governance for AI agents and the people who answer for them.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`; each \`type\` is a page of its own. Lists are
\`{items, nextCursor}\`. Changes accept an \`Idempotency-Key\`, versioned resources \`If-Match\`. Times are ISO 8601 in UTC.`;

/**
 * The API as an OpenAPI 3.1 document, from what the routes declare. Works on an application that was only put together
 * (Nest's preview mode) as well as on a running one, and is the same for both.
 */
export function buildOpenApi(app: INestApplication, tags: readonly ApiTag[] = []): Document {
  const document = generated(app);
  document.servers = [{ url: '/', description: 'This installation' }];
  Object.assign(document.components.schemas, PROBLEM_SCHEMAS);
  const routes = new Map(
    handlersOf(app).map((route) => [operationIdOf(route.controller.name, route.name), route]),
  );
  for (const [path, operation] of operationsOf(document)) {
    const route = routes.get(operation.operationId);
    if (route === undefined)
      throw new Error(`${path} has the operationId ${operation.operationId}, which is no route's.`);
    complete(path, operation, route, document);
  }
  refineSchemas(document);
  document.tags = usedTags(document, tags);
  return withoutOldExamples(document) as Document;
}

function generated(app: INestApplication): Document {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Reeve API')
    .setDescription(DESCRIPTION)
    .setVersion(packageVersion())
    .setContact('Reeve', '', '');
  for (const [name, scheme] of Object.entries(SCHEMES)) builder.addSecurity(name, scheme);
  const config = builder.build();
  config.info.contact = { name: 'Reeve' };
  // The path of a route may be declared anywhere, its operationId may not: it follows from the names in the code.
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: operationIdOf,
  }) as unknown as Document;
}

const SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of a signed-in session.',
  },
  apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'rv_usr_…', description: 'API key of a user.' },
  serviceKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'rv_svc_…',
    description: 'Key of a service principal.',
  },
} as const;

/** `UsersController.list` and `UsersController.listUsers` are both `usersList`. */
export function operationIdOf(controller: string, method: string): string {
  const noun = controller.replace(/Controller$/, '');
  const verb = withoutNoun(method, noun);
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
}

function withoutNoun(method: string, noun: string): string {
  const named = [noun, noun.replace(/ies$/, 'y'), noun.replace(/s$/, '')].find((name) =>
    method.endsWith(name),
  );
  return named === undefined || named.length === method.length ? method : method.slice(0, -named.length);
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);

export function operationsOf(document: Document): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
  );
}

function complete(path: string, operation: Operation, route: RouteHandler, document: Document): void {
  const facts = factsOf(route.controller, route.name, route.handler);
  operation.summary = (operation.summary || words(route.name)).replace(/\.$/, '');
  operation.description = describe(operation, facts);
  operation.security = securityOf(facts);
  if (facts.access !== undefined && !isOpenToImpersonation(facts.access))
    operation['x-impersonation'] = false;
  operation.parameters = parametersOf(path, operation, route, facts);
  keepOwnSuccess(operation, route);
  addResponses(operation, refusalsOfRoute(route, facts), document.components);
  describeVersion(operation, path.startsWith('GET '), document.components.schemas);
  if (operation.parameters.length === 0) delete operation.parameters;
  addExamples(operation, document.components.schemas);
}

function words(name: string): string {
  const text = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describe({ description, summary }: Operation, { access }: RouteFacts): string {
  const said = description === undefined || description === '' ? `${summary}.` : description;
  if (access?.kind !== 'authenticated') return `${said}\n\nOpen to everybody.`;
  const needs =
    access.permission === null
      ? 'Needs a credential.'
      : `Needs the permission \`${String(access.permission)}\`${placeOf(access.scope)}.`;
  const stepUp = access.sensitive ? ' Needs an authentication not older than 15 minutes.' : '';
  const impersonation = isOpenToImpersonation(access) ? '' : ' Closed to an impersonation.';
  return `${said}\n\n${needs}${stepUp}${impersonation}`;
}

function placeOf(scope: ScopeSource | null): string {
  if (scope === null) return '';
  const { kind, name } = scope;
  return scope.in === 'path'
    ? ` on the ${kind} in the path (\`${name}\`)`
    : ` on the ${kind} that the body names (\`${name}\`), everywhere when it names none`;
}

const SCHEME_OF = { session: 'accessToken', api_key: 'apiKey', service_key: 'serviceKey' } as const;

function securityOf({ access }: RouteFacts): Record<string, string[]>[] {
  if (access?.kind !== 'authenticated') return [];
  // Keys cannot step up, so a sensitive route takes them only when it names them.
  const kinds = access.sensitive && !access.namesCredentials ? (['session'] as const) : access.credentials;
  return kinds.map((kind) => ({ [SCHEME_OF[kind]]: [] }));
}

function parametersOf(
  path: string,
  { parameters = [] }: Operation,
  route: RouteHandler,
  facts: RouteFacts,
): Parameter[] {
  const places = parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => inPath(parameter, path));
  const others = parameters.filter((parameter) => parameter.in !== 'path').map(described);
  return [
    ...places,
    ...others,
    // Where it is required, the route itself says so.
    ...(honoursIfMatch(route) && !facts.requiresIfMatch ? [IF_MATCH] : []),
    ...(mayRepeat(facts) ? [IDEMPOTENCY_KEY] : []),
  ];
}

/** `{id}` after `users` is the identifier of a user, after `whitelist` that of a rule in it. */
function inPath(parameter: Parameter, route: string): Parameter {
  if (!/^id$|Id$/.test(parameter.name)) return described(parameter);
  const steps = route.split('/');
  const before = steps.slice(0, steps.indexOf(`{${parameter.name}}`));
  const collection = before.findLast((step) => !step.startsWith('{')) ?? '';
  return {
    ...parameter,
    description: `Identifier of the ${memberOf(collection)}.`,
    schema: { type: 'string', format: 'uuid' },
  };
}

function memberOf(collection: string): string {
  if (collection.endsWith('list')) return `rule in the ${collection}`;
  return collection
    .replace(/ies$/, 'y')
    .replace(/s$/, '')
    .replaceAll('-', ' ')
    .replace(/^api\b/, 'API');
}

function described(parameter: Parameter): Parameter {
  return { ...parameter, description: parameter.description || `${words(parameter.name)}.` };
}

const IF_MATCH: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'ETag of the version that is meant; whichever there is when left out.',
  schema: { type: 'string', examples: ['"3"'] },
};

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Repeating the request with the same key has no further effect and gets the first answer, for 24 hours. 1 to 255 visible ASCII characters, bare or as one quoted string.',
  schema: { type: 'string', examples: ['9f0c5a1e-2b7d-4e0a-9c53-0d6f5b8f4b11'] },
};

/** The compiler plugin describes every handler with the framework's default status as well, which many do not answer. */
function keepOwnSuccess({ responses }: Operation, { handler }: RouteHandler): void {
  const byDefault = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST ? 201 : 200;
  const own = (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ?? byDefault;
  const successes = new Set([own, ...otherSuccessesOf(handler)].map(String));
  for (const status of Object.keys(responses)) {
    if (status.startsWith('2') && !successes.has(status)) delete responses[status];
  }
}

function addResponses(
  operation: Operation,
  refusals: readonly ProblemType[],
  components: Document['components'],
): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!('$ref' in response) && !response.description) response.description = SUCCESS[status] ?? 'Done.';
  }
  const statuses = [...new Set(refusals.map(({ status }) => status))].sort((a, b) => a - b);
  for (const status of statuses) {
    operation.responses[String(status)] = problemResponse(
      refusals.filter((type) => type.status === status),
      components,
    );
  }
}

const SUCCESS: Readonly<Record<string, string>> = {
  200: 'What was asked for.',
  201: 'Created.',
  202: 'Taken on.',
  204: 'Done; there is nothing to say.',
};

function addExamples(operation: Operation, schemas: Record<string, Schema>): void {
  const successes = Object.values(operation.responses).flatMap((response) =>
    'content' in response ? Object.values(response.content ?? {}) : [],
  );
  const bodies = [...Object.values(operation.requestBody?.content ?? {}), ...successes];
  for (const body of bodies) {
    if (body.example === undefined && body.examples === undefined)
      body.example = exampleOf(body.schema, schemas);
  }
}

function usedTags(document: Document, described: readonly ApiTag[]): ApiTag[] {
  const used = new Set(operationsOf(document).flatMap(([, { tags = [] }]) => tags));
  const known = new Map(described.map((tag) => [tag.name, tag]));
  return [...used]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((name) => known.get(name) ?? { name, description: `${name}.` });
}

const HOLDERS_OF_DATA = new Set(['examples', 'default', 'enum', 'const']);

/** `example` of a schema is what OpenAPI 3.0 had; JSON Schema says `examples`. Media types have kept theirs. */
function withoutOldExamples(node: unknown, isMediaType = false): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutOldExamples(item));
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'example' && (isMediaType || typeof (node as Schema).properties === 'object'))
      return [[name, value]];
    if (name === 'example' && isSchema(node)) return [['examples', [value]]];
    if (HOLDERS_OF_DATA.has(name) || name === 'example') return [[name, value]];
    if (name === 'content') return [[name, contentWithoutOldExamples(value as object)]];
    return [[name, withoutOldExamples(value)]];
  });
  return Object.fromEntries(members);
}

function contentWithoutOldExamples(content: object): object {
  return Object.fromEntries(
    Object.entries(content).map(([type, body]) => [type, withoutOldExamples(body, true)]),
  );
}

/** A property may be called `example`; a schema has other keywords beside it. */
function isSchema(node: object): boolean {
  return (
    'type' in node ||
    '$ref' in node ||
    'anyOf' in node ||
    'allOf' in node ||
    'enum' in node ||
    'format' in node
  );
}
