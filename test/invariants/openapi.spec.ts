import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {
  type Document,
  type DocumentedOperation,
  factsOf,
  givenExample,
  handlersOf,
  operationIdOf,
  operationsOf,
  otherSuccessesOf,
  resolved,
  type RouteHandler,
  type Schema,
} from '../../src/kernel/http/index.js';
import { isOpenToImpersonation, permissionCatalogue } from '../../src/kernel/access/index.js';
import { problemCatalogue } from '../../src/kernel/problem/index.js';
import { describedApp } from './described-app.js';
import { examplesOf } from './examples-of.js';

const document = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../contract/openapi.json'), 'utf8'),
) as Document;
const { schemas } = document.components;
const operations = operationsOf(document);

let routes: Map<string, RouteHandler>;

beforeAll(async () => {
  const app = await describedApp();
  routes = new Map(handlersOf(app).map((route) => [operationIdOf(route.controller.name, route.name), route]));
});

/** What operators and monitoring ask lies outside the API and its document. */
const OUTSIDE = /^health/;

describe('the document', () => {
  it('is OpenAPI 3.1 and says nothing in the words of 3.0', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('has every route once, and no operation without a route', () => {
    const documented = operations.map(([, { operationId }]) => operationId);
    expect(new Set(documented).size).toBe(documented.length);
    expect([...documented].sort()).toEqual([...routes.keys()].filter((id) => !OUTSIDE.test(id)).sort());
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    const components = document.components as unknown as Record<string, Record<string, unknown>>;
    for (const [, kind, name] of references) expect(components[kind]).toHaveProperty([name]);
  });

  it('knows every problem it mentions', () => {
    const codes = Object.keys(document.components.responses ?? {}).flatMap((name) => name.split('.'));
    for (const code of codes) expect(problemCatalogue.has(code) ? code : `unknown ${code}`).toBe(code);
  });
});

describe.each(operations)('%s', (path, operation) => {
  it('says what it does, belongs to a chapter, and lists its answers', () => {
    expect(operation.summary?.length).toBeGreaterThan(0);
    expect(operation.description?.length).toBeGreaterThan(0);
    expect(operation.tags).toHaveLength(1);
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => /^2/.test(status))).toBe(true);
    expect(statuses).toEqual(expect.arrayContaining(['400', '429', '500', '503']));
  });

  it('names one success for each operation, and those that the route says it may answer instead', () => {
    const several = operations
      .map(([name, { operationId, responses }]) => {
        const successes = Object.keys(responses).filter((status) => status < '300');
        return [name, successes.length - otherSuccessesOf(routes.get(operationId)!.handler).length];
      })
      .filter(([, usual]) => usual !== 1);
    expect(several).toEqual([]);
  });

  it('asks for what the route asks for', () => {
    const route = routes.get(operation.operationId)!;
    const { access } = factsOf(route.controller, route.name, route.handler);
    const stated = (operation as unknown as Record<string, string>)['x-permission'];
    if (access?.kind !== 'authenticated') {
      expect([stated, operation.security]).toEqual(['public', []]);
      return;
    }
    expect(stated).toBe(access.permission === null ? 'authenticated' : String(access.permission));
    if (access.permission !== null) expect(permissionCatalogue.has(stated)).toBe(true);
    expect(operation['x-impersonation']).toBe(isOpenToImpersonation(access) ? undefined : false);
    expect(operation.security?.length).toBeGreaterThan(0);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401']));
  });

  it('names If-Match where a version may be the wrong one', () => {
    const names = (operation.parameters ?? []).map(({ name }) => name);
    const conflicts = JSON.stringify(operation.responses['409'] ?? null);
    expect(names.includes('If-Match')).toBe(conflicts.includes('version_mismatch'));
  });

  it('names If-None-Match where the answer may be that nothing is new', () => {
    const names = (operation.parameters ?? []).map(({ name }) => name);
    expect(names.includes('If-None-Match')).toBe(operation.responses['304'] !== undefined);
  });

  it('has an example for each body, and the example fits', () => {
    for (const { schema, examples } of bodiesOf(operation)) {
      expect(examples).not.toEqual([]);
      for (const example of examples) expect(faultsOf(schema, example)).toEqual([]);
    }
  });

  it('has an example for each field a client sends', () => {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const without = schema === undefined ? [] : fieldsWithoutExample(schema, path);
    expect(without).toEqual([]);
  });
});

function bodiesOf(operation: DocumentedOperation): { schema: Schema; examples: unknown[] }[] {
  const answers = Object.values(operation.responses).flatMap((response) =>
    'content' in response ? Object.values(response.content ?? {}) : [],
  );
  return [...Object.values(operation.requestBody?.content ?? {}), ...answers].map((body) => ({
    schema: body.schema,
    examples: examplesOf(body),
  }));
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'document', components: document.components });

function faultsOf(schema: Schema, example: unknown): unknown[] {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
  const validate = ajv.compile(JSON.parse(text) as object);
  return validate(example)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function fieldsWithoutExample(schema: Schema, at: string): string[] {
  if (schema.$ref !== undefined) return fieldsWithoutExample(resolved(schema.$ref, schemas), at);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const inner = property.$ref ?? property.items?.$ref;
    if (inner !== undefined) return fieldsWithoutExample(resolved(inner, schemas), `${at} ${name}`);
    return givenExample(property) === undefined && property.type !== 'boolean' ? [`${at} ${name}`] : [];
  });
}
