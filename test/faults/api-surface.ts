import type { AnyBody } from '../support/http-client.js';

/** A place in a JSON body: names of members, and '0' for the first item of a list. */
export type FieldPath = readonly string[];

export interface Field {
  readonly path: FieldPath;
  readonly schema: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With parameters in braces, from the root of the server. */
  readonly template: string;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly Field[];
  readonly needsIfMatch: boolean;
  readonly isMutation: boolean;
  /** Null for operations that take no body. */
  readonly body: Schema | null;
  readonly statuses: ReadonlySet<number>;
}

export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
}

/** What a client can see of the service, read from the OpenAPI document that it serves; without the streams. */
export function operationsIn(document: AnyBody): Operation[] {
  return allOperationsIn(document, (operation) => !isStream(operation));
}

export function allOperationsIn(
  document: AnyBody,
  counts: (operation: AnyBody) => boolean = () => true,
): Operation[] {
  const paths = document.paths as Record<string, Record<string, AnyBody>>;
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => counts(operation))
      .map(([method, operation]) => operationOf(document, template, method, operation)),
  );
}

/** An answer that never ends is nothing to wait for. */
function isStream(operation: AnyBody): boolean {
  return operation.responses?.['200']?.content?.['text/event-stream'] !== undefined;
}

function operationOf(document: AnyBody, template: string, method: string, operation: AnyBody): Operation {
  const parameters = ((operation.parameters ?? []) as AnyBody[]).map((one) => resolved(document, one));
  const schema = operation.requestBody?.content?.['application/json']?.schema as Schema | undefined;
  return {
    id: operation.operationId as string,
    method: method.toUpperCase(),
    template,
    pathParameters: parameters.filter((one) => one.in === 'path').map((one) => one.name as string),
    queryParameters: parameters
      .filter((one) => one.in === 'query')
      .map((one) => ({ path: [one.name as string], schema: one.schema as Schema })),
    needsIfMatch: parameters.some((one) => one.name === 'If-Match' && one.required === true),
    isMutation: method !== 'get',
    body: schema === undefined ? null : deepResolved(document, schema),
    statuses: new Set(Object.keys(operation.responses as object).map(Number)),
  };
}

/** Every member that a body may have, items of lists included. */
export function fieldsOf(schema: Schema, parent: FieldPath = []): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = [...parent, name];
    const item = member.items === undefined ? [] : [{ path: [...path, '0'], schema: member.items }];
    return [{ path, schema: member }, ...item, ...fieldsOf(member, path)];
  });
}

export function takesText({ schema }: Field): boolean {
  return [schema.type].flat().includes('string') || schema.enum !== undefined;
}

/** A body as the document's examples would make it, with the required members only. */
export function exampleOf(schema: Schema): Record<string, unknown> {
  const own = schema.examples?.[0] ?? schema.example;
  if (own !== undefined) return own as Record<string, unknown>;
  const { required = [], properties = {} } = schema;
  return Object.fromEntries(
    required.map((name) => [name, properties[name].examples?.[0] ?? properties[name].example]),
  );
}

/** The body with one member replaced. */
export function withValue(
  body: Readonly<Record<string, unknown>>,
  path: FieldPath,
  value: unknown,
): Record<string, unknown> {
  const [name, ...rest] = path;
  if (rest.length === 0) return { ...body, [name]: value };
  if (rest[0] === '0') return { ...body, [name]: [value] };
  return { ...body, [name]: withValue((body[name] ?? {}) as Record<string, unknown>, rest, value) };
}

function deepResolved(document: AnyBody, schema: Schema): Schema {
  const own = resolved(document, schema) as Schema;
  const parts = (own.allOf ?? []).map((part) => deepResolved(document, part));
  const properties = Object.assign(
    {},
    ...parts.map((part) => part.properties ?? {}),
    own.properties,
  ) as Record<string, Schema>;
  return {
    ...own,
    required: [...parts.flatMap((part) => part.required ?? []), ...(own.required ?? [])],
    items: own.items === undefined ? undefined : deepResolved(document, own.items),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, deepResolved(document, one)]),
    ),
  };
}

function resolved(document: AnyBody, value: AnyBody): AnyBody {
  const reference = value?.$ref as string | undefined;
  if (reference === undefined) return value;
  const steps = reference.slice(2).split('/');
  return steps.reduce((at, step) => at[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}
