import type { Document, Schema } from './document.js';

type Schemas = Document['components']['schemas'];

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  'date-time': '2030-01-31T12:00:00.000Z',
  email: 'ada@example.org',
};
const DEEPEST = 8;

/** One body that fits the schema, put together from the examples of its properties. */
export function exampleOf(schema: Schema, schemas: Schemas, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  const given = givenExample(schema);
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) return exampleOf(resolved(schema.$ref, schemas), schemas, depth + 1);
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return exampleOf(choice, schemas, depth + 1);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas, depth + 1))) as object;
  return exampleOfType(schema, schemas, depth);
}

/** What the author of the schema gave, or what its values follow from. */
export function givenExample(schema: Schema): unknown {
  if (schema.examples !== undefined) return schema.examples[0];
  // Null is an example too, of a field that may be null.
  if ('example' in schema) return schema.example;
  return schema.const ?? schema.default ?? schema.enum?.[0];
}

function exampleOfType(schema: Schema, schemas: Schemas, depth: number): unknown {
  const [type] = [schema.type].flat();
  if (type === 'array')
    return schema.items === undefined ? [] : [exampleOf(schema.items, schemas, depth + 1)];
  if (type === 'object' || schema.properties !== undefined) return exampleOfObject(schema, schemas, depth);
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  return BY_FORMAT[schema.format ?? ''] ?? 'text';
}

function exampleOfObject(schema: Schema, schemas: Schemas, depth: number): object {
  const members = Object.entries(schema.properties ?? {});
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, schemas, depth + 1)]));
}

export function resolved(reference: string, schemas: Schemas): Schema {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`The document refers to ${reference}, which it does not have.`);
  return schema;
}
