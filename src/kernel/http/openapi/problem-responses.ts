import type { ProblemType } from '../../problem/index.js';
import type { Document, Reference, Response, Schema } from './document.js';

/** RFC 9457, with our members. */
export const PROBLEM_SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: {
    type: 'object',
    description: 'Why a request was refused (RFC 9457).',
    required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Page that documents the problem.' },
      title: { type: 'string', description: 'The kind of problem in a few words; the same each time.' },
      status: { type: 'integer', description: 'The HTTP status, again.' },
      detail: { type: 'string', description: 'What is wrong with this request.' },
      instance: { type: 'string', description: 'Path of the request.' },
      code: { type: 'string', description: 'Stable name to branch on.' },
      requestId: { type: 'string', description: 'What the log and the audit entries know this request by.' },
      errors: {
        type: 'array',
        description: 'For invalid input: each fault.',
        items: { $ref: '#/components/schemas/FieldError' },
      },
    },
    additionalProperties: true,
  },
  FieldError: {
    type: 'object',
    description: 'One fault of the input.',
    required: ['in', 'pointer', 'code', 'message'],
    properties: {
      in: { type: 'string', enum: ['body', 'query', 'path', 'header'] },
      pointer: {
        type: 'string',
        description: 'JSON Pointer into the body (RFC 6901), or `/name` of the parameter.',
        examples: ['/name'],
      },
      code: { type: 'string', description: 'The rule that was broken.', examples: ['max_length'] },
      message: {
        type: 'string',
        description: 'The rule in words.',
        examples: ['name must have at most 100 characters.'],
      },
    },
  },
};

const REQUEST_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** The answer for all problems of one status: kept once in the document however many routes give it. */
export function problemResponse(
  types: readonly ProblemType[],
  components: Document['components'],
): Reference {
  const name = types
    .map(({ code }) => code)
    .sort()
    .join('.');
  components.responses ??= {};
  components.responses[name] ??= responseFor(types, components);
  return { $ref: `#/components/responses/${name}` };
}

function responseFor(types: readonly ProblemType[], components: Document['components']): Response {
  const examples = Object.fromEntries(types.map((type) => [type.code, exampleReference(type, components)]));
  return {
    description: types.map(({ code, title }) => `\`${code}\`: ${title}.`).join(' '),
    headers: headersOf(types[0].status),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  };
}

function exampleReference(type: ProblemType, components: Document['components']): Reference {
  components.examples ??= {};
  components.examples[type.code] ??= { summary: type.title, value: exampleOfProblem(type) };
  return { $ref: `#/components/examples/${type.code}` };
}

function exampleOfProblem({ code, title, status, meaning }: ProblemType): object {
  const problem = {
    type: `https://reeve.example/problems/${code}`,
    title,
    status,
    detail: meaning,
    instance: '/api/v1',
    code,
    requestId: REQUEST_ID,
  };
  const errors = [{ in: 'body', pointer: '/name', code: 'required', message: 'This field is required.' }];
  return code === 'validation_failed' ? { ...problem, errors } : problem;
}

function headersOf(status: number): Record<string, object> | undefined {
  if (status === 429 || status === 503) {
    return { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } } };
  }
  return status === 401
    ? { 'WWW-Authenticate': { description: 'RFC 6750.', schema: { type: 'string' } } }
    : undefined;
}
