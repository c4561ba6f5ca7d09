import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  NAUGHTY_STRINGS,
  ODD_BODIES,
  ODD_QUERIES,
  ODD_SEGMENTS,
  TEN_MEGABYTES,
  TYPE_CONFUSIONS,
  WRONG_CONTENT_TYPES,
} from '../support/hostile-input.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ADMIN, Fleet } from '../support/processes.js';
import { type Field, type Operation, operationsIn, takesText, withValue } from './api-surface.js';
import { Inspector } from './inspector.js';
import { Manners } from './manners.js';
import { RawHttp, type RawReply } from './raw-http.js';
import { isSettings, Stage } from './hostile-stage.js';

const AT_ONCE = 16;
/**
 * Of the strings, each text gets one in so many, and the next text the ones after: every route meets most of them, and
 * all of them are met everywhere with HOSTILE_SHARE=1, which takes five times as long.
 */
const SHARE = Number(process.env.HOSTILE_SHARE ?? 10);
/** Longer query strings only show that the request line has a limit. */
const LONGEST_QUERY = 12_000;
/** Ends what hangs: tens of thousands of requests take their time on a machine that has other things to do. */
const LONGEST_MS = 1_800_000;

/** Everything that the OpenAPI document offers, under input that nobody should send, by somebody who may do everything. */
describe('Hostile input', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let raw: RawHttp;
  let stage: Stage;
  let operations: Operation[];
  const manners = new Manners();

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({
      database,
      size: 1,
      environment: { REEVE_REGISTRATION: 'open', REEVE_SESSION_CAP: '1000', REEVE_ROLE: 'api' },
    });
    inspector = await Inspector.of(database);
    raw = new RawHttp(fleet.all[0].port);
    stage = new Stage(fleet, inspector, raw);
    operations = operationsIn((await fleet.http().get('//openapi.json')).body);
  });

  beforeEach(() => stage.ready());

  afterEach(() => expect(manners.take()).toEqual([]));

  afterAll(async () => {
    raw?.close();
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it('is sent to what the contract promises, by the same names', async () => {
    const { body } = await fleet.http().get('//openapi.json');
    const contract = readFileSync(join(import.meta.dirname, '../../contract/openapi.json'), 'utf8');
    expect(body).toEqual(JSON.parse(contract));
  });

  it('has enough of everything', () => {
    expect(new Set(NAUGHTY_STRINGS).size).toBeGreaterThanOrEqual(120);
    expect(ODD_BODIES.length).toBeGreaterThanOrEqual(60);
    expect(operations.length).toBeGreaterThanOrEqual(40);
  });

  it(
    'naughty strings in every text of every body are refused, or kept as they are',
    async () => {
      for (const operation of withBodies()) {
        const target = await prepared(operation);
        for (const field of target.fields.filter((one) => takesText(one) || isSettings(operation)))
          await fill(operation, target, field, someOf(NAUGHTY_STRINGS), (reply, text) =>
            expectKept(reply, field, text, operation),
          );
      }
    },
    LONGEST_MS,
  );

  it(
    'values of the wrong type in every member of every body are never taken for the right one',
    async () => {
      for (const operation of withBodies()) {
        const target = await prepared(operation);
        for (const field of target.fields)
          await fill(operation, target, field, TYPE_CONFUSIONS, (_reply, value, what) => {
            if (!mayHold(field, value)) manners.report(`${what}: was accepted`);
          });
        const unknown = { ...(await target.body()), unexpected: 1 };
        manners.judge(
          await stage.sendJson(operation, target.path, unknown),
          `${operation.id} unknown member`,
          [422],
          operation,
        );
      }
    },
    LONGEST_MS,
  );

  it(
    'bodies that are no JSON are refused by every route, and odd ones survived',
    async () => {
      for (const operation of mutations()) {
        const target = await prepared(operation);
        await each(operation, ODD_BODIES, async ({ name, bytes, isJson }) => {
          const reply = await stage.send(operation, target.path, bytes);
          // Odd bodies may be refused by anything; broken ones only because they cannot be read.
          manners.judge(reply, `${operation.id} ${name}`, isJson ? undefined : [400], operation);
        });
      }
    },
    LONGEST_MS,
  );

  it(
    'bodies of 10 MB, and of the wrong type, are refused before they are read',
    async () => {
      for (const operation of mutations()) {
        const target = await prepared(operation);
        manners.judge(
          await stage.send(operation, target.path, TEN_MEGABYTES),
          `${operation.id} 10 MB`,
          [413],
          operation,
        );
        const body = Buffer.from(JSON.stringify(await target.body()));
        for (const type of WRONG_CONTENT_TYPES) {
          const reply = await stage.send(operation, target.path, body, { 'content-type': type });
          manners.judge(reply, `${operation.id} as ${type.slice(0, 60)}`, [415], operation);
        }
      }
    },
    LONGEST_MS,
  );

  it('garbage in every parameter of every path is refused', async () => {
    for (const operation of operations.filter(({ pathParameters }) => pathParameters.length > 0)) {
      const target = await prepared(operation);
      for (const name of operation.pathParameters) {
        await each(operation, ODD_SEGMENTS, async (segment) => {
          const path = withSegment(operation, target.path, name, segment);
          const body = operation.body === null ? undefined : Buffer.from(JSON.stringify(await target.body()));
          const reply = await stage.send(operation, path, body);
          // It is another route, or none, for some of them.
          manners.judge(reply, `${operation.method} ${path.slice(0, 200)}`, [400, 404, 405, 414, 422, 428]);
        });
      }
    }
  });

  it(
    'garbage in every query is refused or means nothing',
    async () => {
      for (const operation of operations.filter(({ isMutation }) => !isMutation)) {
        const { path } = await prepared(operation);
        await each(operation, ODD_QUERIES, async (query) => {
          const reply = await stage.send(operation, `${path}?${query}`);
          manners.judge(reply, `${operation.id}?${query.slice(0, 100)}`);
        });
        for (const { path: parameter } of operation.queryParameters) {
          await each(operation, someOf(encoded(NAUGHTY_STRINGS)), async (text) => {
            const reply = await stage.send(operation, `${path}?${parameter[0]}=${text}`);
            manners.judge(
              reply,
              `${operation.id}?${parameter[0]}=${text.slice(0, 100)}`,
              undefined,
              operation,
            );
          });
        }
      }
    },
    LONGEST_MS,
  );

  it(
    'garbage in headers is refused or ignored, also where it is stored',
    async () => {
      const values = NAUGHTY_STRINGS.filter(
        (text) => /^[\x20-\x7e\x80-\xff]*$/.test(text) && text.length < 10_000,
      );
      const target = operations.find(
        ({ method, template }) => method === 'POST' && template.endsWith('/users'),
      );
      if (target === undefined) throw new Error('There is no route to invite users.');
      const { path, body } = await prepared(target);
      for (const name of [
        'user-agent',
        'idempotency-key',
        'if-match',
        'x-request-id',
        'authorization',
        'origin',
        'accept',
        'x-forwarded-for',
        'host',
      ]) {
        await each(target, values, async (value) => {
          const headers = { [name]: value };
          manners.judge(
            await stage.sendJson(target, path, await body(), headers),
            `${name}: ${value.slice(0, 100)}`,
          );
        });
      }
      for (const value of someOf(values)) {
        const content = Buffer.from(JSON.stringify({ login: ADMIN.email, password: ADMIN.password }));
        const headers = { 'content-type': 'application/json', 'user-agent': value };
        const reply = await raw.send({ method: 'POST', path: '/api/v1/auth/login', headers, body: content });
        manners.judge(reply, `login with ${value.slice(0, 100)}`, [200]);
      }
    },
    LONGEST_MS,
  );

  it('methods that a path does not have are refused with those it has', async () => {
    const byPath = grouped(operations);
    for (const [template, methods] of byPath) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
        if (methods.includes(method)) continue;
        const path = template.replace(/\{\w+\}/g, '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11');
        const reply = await stage.sendRaw({ method, path });
        manners.judge(reply, `${method} ${path}`, [405]);
        if (!String(reply.headers.allow).includes(methods[0]))
          manners.report(`${method} ${path}: Allow is ${String(reply.headers.allow)}`);
      }
    }
  });

  it('requests that break HTTP itself are refused by a problem too, or not answered', async () => {
    for (const [name, bytes] of brokenRequests(stage.authorization)) {
      const reply = await raw.converse(bytes);
      if (reply === null) continue;
      manners.judge(reply, name);
      if (reply.status < 400) manners.report(`${name}: was answered ${reply.status}`);
    }
  });

  it('and after all of that the service is what it was', async () => {
    expect(manners.judged).toBeGreaterThan(5_000);
    expect(await fleet.all[0].isReady()).toBe(true);
    expect(fleet.all[0].log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    expect(await inspector.count('users')).toBeGreaterThan(0);
    const { body } = await fleet.http().get('//openapi.json');
    expect(operationsIn(body).map(({ id }) => id)).toEqual(operations.map(({ id }) => id));
  });

  it('no answer had a status that the document does not name', () => {
    expect([...manners.undocumented].sort()).toEqual([]);
  });

  let turn = 0;
  const someOf = <T>(values: readonly T[]): T[] => {
    turn += 1;
    return values.filter((_, index) => (index + turn) % SHARE === 0);
  };
  const withBodies = () => operations.filter(({ body }) => body !== null);
  const mutations = () => operations.filter(({ isMutation }) => isMutation);

  async function prepared(operation: Operation) {
    await stage.ready();
    return stage.targetOf(operation);
  }

  /** Sends the body with each of the values in the field, and has what was accepted looked at. */
  function fill<T>(
    operation: Operation,
    target: Awaited<ReturnType<typeof prepared>>,
    field: Field,
    values: readonly T[],
    accepted: (reply: RawReply, value: T, what: string) => void,
  ): Promise<void> {
    return each(operation, values, async (value) => {
      const reply = await stage.sendJson(
        operation,
        target.path,
        withValue(await target.body(), field.path, value),
      );
      const what = describeField(operation, field, value);
      manners.judge(reply, what, undefined, operation);
      if (reply.status < 300) accepted(reply, value, what);
    });
  }

  /** Many at once, except where each needs the version that the one before has left. */
  async function each<T>(
    operation: Operation,
    values: readonly T[],
    work: (value: T) => Promise<void>,
  ): Promise<void> {
    const waiting = [...values];
    const worker = async () => {
      for (let value = waiting.shift(); waiting.length > 0 || value !== undefined; value = waiting.shift())
        await work(value as T);
    };
    await Promise.all(Array.from({ length: operation.needsIfMatch ? 1 : AT_ONCE }, worker));
  }

  /** What was accepted has been kept to the letter; nothing was trimmed, folded or cut. */
  function expectKept(reply: RawReply, field: Field, text: string, operation: Operation): void {
    const [name, ...inner] = field.path;
    const kept =
      inner.length > 0 || reply.text === ''
        ? undefined
        : (JSON.parse(reply.text) as Record<string, unknown>)[name];
    if (typeof kept === 'string' && kept !== text && field.schema.format !== 'date-time')
      manners.report(`${describeField(operation, field, text)}: was kept as ${JSON.stringify(kept)}`);
  }
});

function describeField({ id }: Operation, { path }: Field, value: unknown): string {
  return `${id} ${path.join('/')} = ${(JSON.stringify(value) ?? 'undefined').slice(0, 100)}`;
}

/** Whether the schema allows a value of this type at all. */
function mayHold({ schema }: Field, value: unknown): boolean {
  if (schema.type === undefined) return true;
  const types = [schema.type].flat();
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array');
  if (typeof value === 'number')
    return types.includes('number') || (types.includes('integer') && Number.isInteger(value));
  return types.includes(typeof value);
}

function withSegment({ template }: Operation, path: string, name: string, segment: string): string {
  const at = template.split('/').indexOf(`{${name}}`);
  return path
    .split('/')
    .map((one, index) => (index === at ? segment : one))
    .join('/');
}

/** Half surrogates have no encoding in an address. */
function encoded(texts: readonly string[]): string[] {
  return texts
    .filter((text) => text.isWellFormed())
    .map((text) => encodeURIComponent(text))
    .filter((text) => text.length < LONGEST_QUERY);
}

function grouped(operations: readonly Operation[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { template, method } of operations)
    groups.set(template, [...(groups.get(template) ?? []), method]);
  return groups;
}

/** Request lines and headers as no HTTP client would send them. */
function brokenRequests(authorization: string): [string, Buffer | string][] {
  const head = (line: string, ...headers: string[]) =>
    `${[line, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
  const post = (...headers: string[]) =>
    head('POST /api/v1/users HTTP/1.1', `Authorization: ${authorization}`, ...headers);
  const json = 'Content-Type: application/json';
  const requests: Record<string, Buffer | string> = {
    'no method': head('/api/v1/users HTTP/1.1'),
    'an unknown method': head('HACK /api/v1/users HTTP/1.1'),
    'a method in small letters': head('get /api/v1/users HTTP/1.1'),
    'no version': 'GET /api/v1/users\r\n\r\n',
    'HTTP/9.9': head('GET /api/v1/users HTTP/9.9'),
    'no Host': 'GET /api/v1/auth/me HTTP/1.1\r\n\r\n',
    'two Hosts': head('GET /api/v1/auth/me HTTP/1.1', 'Host: evil.example'),
    'a foreign Host': 'GET /api/v1/auth/me HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'a Host of rubbish': 'GET /api/v1/auth/me HTTP/1.1\r\nHost: a b\x7f\r\n\r\n',
    'an address of another server': head('GET http://evil.example/api/v1/auth/me HTTP/1.1'),
    CONNECT: head('CONNECT evil.example:443 HTTP/1.1'),
    'a path with a blank': head('GET /api/v1/us ers HTTP/1.1'),
    'a path without a slash': head('GET api/v1/users HTTP/1.1'),
    'a path of raw UTF-8': Buffer.from(head('GET /api/v1/users/ü HTTP/1.1')),
    'a path of NUL': head('GET /api/v1/users/\0 HTTP/1.1'),
    'a header without a colon': head('GET /api/v1/auth/me HTTP/1.1', 'nonsense'),
    'a header without a name': head('GET /api/v1/auth/me HTTP/1.1', ': x'),
    'a header name with a blank': head('GET /api/v1/auth/me HTTP/1.1', 'X Y: z'),
    'a folded header': head('GET /api/v1/auth/me HTTP/1.1', 'X-A: b\r\n c'),
    'a NUL in a header': head('GET /api/v1/auth/me HTTP/1.1', 'X-A: b\0c'),
    'a bare carriage return': head('GET /api/v1/auth/me HTTP/1.1', 'X-A: b\rc'),
    '100 KB of headers': head('GET /api/v1/auth/me HTTP/1.1', `X-A: ${'a'.repeat(100_000)}`),
    '5,000 headers': head(
      'GET /api/v1/auth/me HTTP/1.1',
      ...Array.from({ length: 5_000 }, (_, n) => `X-${n}: a`),
    ),
    'a path of 100 KB': head(`GET /${'a'.repeat(100_000)} HTTP/1.1`),
    'two Authorizations': head(
      'GET /api/v1/auth/me HTTP/1.1',
      `Authorization: ${authorization}`,
      `Authorization: ${authorization}`,
    ),
    'two Content-Lengths': `${post(json, 'Content-Length: 2', 'Content-Length: 3')}{} `,
    'the same Content-Length twice': `${post(json, 'Content-Length: 2', 'Content-Length: 2')}{}`,
    'a list of Content-Lengths': `${post(json, 'Content-Length: 2, 2')}{}`,
    'a negative Content-Length': `${post(json, 'Content-Length: -1')}{}`,
    'a Content-Length of words': `${post(json, 'Content-Length: two')}{}`,
    'a Content-Length beyond numbers': `${post(json, 'Content-Length: 99999999999999999999')}{}`,
    'a shorter body than said': `${post(json, 'Content-Length: 100')}{}`,
    'length and chunks': `${post(json, 'Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    'chunks said twice': `${post(json, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    'an unknown transfer coding': `${post(json, 'Transfer-Encoding: xchunked')}0\r\n\r\n`,
    'a hidden transfer coding': `${post(json, 'Transfer-Encoding : chunked')}0\r\n\r\n`,
    'chunks of rubbish': `${post(json, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
    'a chunk beyond numbers': `${post(json, 'Transfer-Encoding: chunked')}fffffffffffffffff\r\n{}`,
    'two Content-Types': `${post(json, 'Content-Type: text/plain', 'Content-Length: 2')}{}`,
    'two Idempotency-Keys': `${post(json, 'Idempotency-Key: a', 'Idempotency-Key: b', 'Content-Length: 2')}{}`,
    'two If-Matches': `${post(json, 'If-Match: "1"', 'If-Match: "2"', 'Content-Length: 2')}{}`,
    'a body of gzip': `${post(json, 'Content-Encoding: gzip', 'Content-Length: 2')}{}`,
    'an unknown expectation': `${post(json, 'Expect: miracles', 'Content-Length: 2')}{}`,
    TLS: Buffer.from('16030100c8010000c40303', 'hex'),
    'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'an upgrade to HTTP/2': head(
      'GET /api/v1/auth/me HTTP/1.1',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    ),
    'an upgrade to WebSocket': head(
      'GET /api/v1/auth/me HTTP/1.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ),
    'random bytes': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    'a blank line': '\r\n\r\n\r\n',
  };
  return Object.entries(requests);
}
