import type { Document, Operation, Parameter, Schema } from './document.js';
import { resolved } from './examples.js';

type Schemas = Document['components']['schemas'];

/** Says of the schemas what TypeScript's types do not: versions are whole, and bodies take no field they do not list. */
export function refineSchemas(document: Document): void {
  const { schemas } = document.components;
  for (const { properties = {} } of Object.values(schemas)) {
    if (properties.version?.type === 'number') properties.version.type = 'integer';
  }
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
    refineBody(operation, schemas);
  }
}

function refineBody({ requestBody }: Operation, schemas: Schemas): void {
  const schema = requestBody?.content['application/json']?.schema;
  if (requestBody === undefined || schema?.$ref === undefined) return;
  closeOpenFields(resolved(schema.$ref, schemas), schemas);
  requestBody.required = (resolved(schema.$ref, schemas).required ?? []).length > 0;
}

function closeOpenFields(schema: Schema, schemas: Schemas): void {
  if (schema.properties === undefined || schema.additionalProperties !== undefined) return;
  schema.additionalProperties = false;
  for (const property of Object.values(schema.properties)) {
    const inner = property.$ref ?? property.items?.$ref;
    if (inner !== undefined) closeOpenFields(resolved(inner, schemas), schemas);
  }
}

const ETAG = {
  description: 'The version, for If-Match and If-None-Match.',
  schema: { type: 'string', examples: ['"3"'] },
};

const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description:
    'ETag of the version that the client has; when it is still the current one, the answer is 304.',
  schema: ETAG.schema,
};

/** A versioned resource has an ETag, and reading one that the client has already may be a 304. */
export function describeVersion(operation: Operation, mayBeUnchanged: boolean, schemas: Schemas): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if ('$ref' in response || !status.startsWith('2')) continue;
    const reference = response.content?.['application/json']?.schema.$ref;
    if (reference === undefined || resolved(reference, schemas).properties?.version === undefined) continue;
    response.headers = { ...response.headers, ETag: ETAG };
    if (!mayBeUnchanged) continue;
    operation.parameters = [...(operation.parameters ?? []), IF_NONE_MATCH];
    operation.responses['304'] = {
      description: 'If-None-Match names the version there is.',
      headers: { ETag: ETAG },
    };
  }
}
