import { Body, Controller, Delete, Get, Header, Post, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Authenticated, Public } from '../../../src/kernel/access/index.js';
import {
  Created,
  Flag,
  ListOf,
  NoContent,
  Nullable,
  Optional,
  PageQuery,
  PathId,
  RequireIfMatch,
  IfMatch,
  Text,
  WholeNumber,
} from '../../../src/kernel/http/index.js';
import { operationOrNull } from '../../../src/kernel/operation/index.js';
import { NotFound } from '../../../src/kernel/problem/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { type HttpTestApp, startHttpApp } from './http-app.js';
import { sendRaw } from './raw-request.js';

class Part {
  @Text({ max: 10 })
  label: string;
}

class Thing {
  @Text({ max: 20 })
  name: string;

  @Optional()
  @WholeNumber({ min: 1, max: 5 })
  count?: number;

  @Optional()
  @Nullable()
  @Text({ max: 50, multiline: true })
  note?: string | null;

  @Optional()
  @Flag()
  isOn?: boolean;

  @Optional()
  @ListOf({ max: 3 })
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];
}

@Controller('things')
class ThingsController {
  @Public()
  @Get()
  list(@Query() query: PageQuery): object {
    return { limit: query.limit, total: query.total ?? null, requestId: operationOrNull()?.requestId };
  }

  @Public()
  @Get('kept')
  @Header('cache-control', 'public, max-age=60')
  kept(): never {
    throw new NotFound();
  }

  @Public()
  @Get(':id')
  one(@PathId() id: string): object {
    return { id, version: 3 };
  }

  @Public()
  @Post()
  @Created(Thing)
  create(@Body() thing: Thing): object {
    return { id: '7', ...thing, seenBy: operationOrNull()?.requestId };
  }

  @Authenticated()
  @RequireIfMatch()
  @Delete(':id')
  @NoContent()
  remove(@PathId() _id: string, @IfMatch() version: number | null): void {
    if (version === null) return;
    throw new Error(`Deleting version ${version} failed in /srv/app with SELECT 1`);
  }
}

let database: TestDatabase;
let service: HttpTestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startHttpApp(database.runtimeUrl, [ThingsController], {
    corsOrigins: ['https://ui.example'],
  });
});

afterAll(async () => {
  await service?.app.close();
  await database?.drop();
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    errors?: { in: string; pointer: string; code: string; message: string }[];
  };
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${service.url}${path}`, init);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

const postJson = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  send('/api/v1/things', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as string,
  });

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({
    status,
    code,
    type: expect.stringMatching(new RegExp(`/problems/${code}$`)) as string,
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(['type', 'title', 'detail', 'instance']));
  // The title says what happened; the detail says more, at least what to do next.
  expect(answer.body.detail).not.toBe(answer.body.title);
}

describe('every answer', () => {
  it('carries the security headers of an API and nothing about the server', async () => {
    const { headers } = await send('/api/v1/things');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
  });

  it('echoes an acceptable request id, also in the operation behind a body', async () => {
    const given = { 'x-request-id': 'trace-1.A_b', 'content-type': 'application/json' };
    const answer = await postJson('{"name":"a"}', given);
    expect(answer.headers.get('x-request-id')).toBe('trace-1.A_b');
    expect(answer.body.seenBy).toBe('trace-1.A_b');
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])(
    'replaces the request id %s by one of its own',
    async (given) => {
      const answer = await send('/nowhere', { headers: { 'x-request-id': given } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('says how much of the limit is left', async () => {
    const { headers } = await send('/api/v1/things');
    expect(headers.get('ratelimit-policy')).toBe('"anonymous";q=1200;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"anonymous";r=\d+;t=\d+$/);
  });
});

it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip'])(
  '%s of strangers makes nobody another address',
  async (name) => {
    const left = async (address: string): Promise<number> => {
      const { headers } = await send('/api/v1/things', { headers: { [name]: address } });
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    // forwarded headers of strangers: both requests come out of the same allowance
    const first = await left('203.0.113.1');
    expect(await left('203.0.113.2')).toBeLessThan(first);
  },
);

describe('routes that are not there', () => {
  it('are 404', async () => expectProblem(await send('/api/v1/nothing?x=1'), 404, 'not_found'));

  it('are 405 with Allow when the path has other methods', async () => {
    const answer = await send('/api/v1/things', { method: 'PUT' });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('TRACE is 405', async () => {
    const answer = await sendRaw(
      service.port,
      'TRACE /api/v1/things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answer.status).toBe(405);
    expect(answer.headers['content-type']).toContain('problem+json');
  });

  it('HEAD is GET without a body', async () => {
    const answer = await fetch(`${service.url}/api/v1/things`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it.each([
    '/api/v1/things/nope',
    '/api/v1/things/%00',
    `/api/v1/things/${'a'.repeat(200)}`,
    '/api/v1/things/..%2f..%2fetc',
  ])('a path id like %s is 404 like an absent one', async (path) =>
    expectProblem(await send(path), 404, 'not_found'),
  );

  it('a path segment longer than any id is 414', async () => {
    expectProblem(await send(`/api/v1/things/${'a'.repeat(5_000)}`), 414, 'uri_too_long');
  });

  it('a malformed escape is 400', async () =>
    expectProblem(await send('/api/v1/things/%zz'), 400, 'malformed_request'));
});

describe('bodies', () => {
  it.each<[string, string | Buffer, number, string]>([
    ['not JSON', '{', 400, 'malformed_request'],
    ['a trailing comma', '{"name":"a",}', 400, 'malformed_request'],
    ['NaN', '{"count":NaN}', 400, 'malformed_request'],
    ['a byte order mark', '\ufeff{"name":"a"}', 400, 'malformed_request'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'malformed_request'],
    ['33 levels', '['.repeat(33) + ']'.repeat(33), 400, 'too_deep'],
    ['100,000 levels', '['.repeat(100_000), 400, 'too_deep'],
    ['100,000 levels of objects', '{"a":'.repeat(100_000), 400, 'too_deep'],
    ['brackets in text do not count', `{"name":"${'['.repeat(40)}"}`, 422, 'validation_failed'],
    ['an array', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['a string', '"x"', 422, 'validation_failed'],
    ['a number', '1e40', 422, 'validation_failed'],
    ['a number that nothing can hold', '1e400', 400, 'malformed_request'],
    ['nothing', '', 422, 'validation_failed'],
    ['NUL in text', '{"name":"a\\u0000"}', 422, 'validation_failed'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 422, 'validation_failed'],
    ['half a surrogate pair in a name', '{"\\ud800":1}', 422, 'validation_failed'],
    ['__proto__', '{"name":"a","__proto__":{"polluted":true}}', 422, 'validation_failed'],
    ['constructor', '{"name":"a","constructor":{"prototype":{"polluted":true}}}', 422, 'validation_failed'],
    ['escaped __proto__', '{"name":"a","\\u005f_proto__":{"polluted":true}}', 422, 'validation_failed'],
    ['10 MB', `{"name":"${'a'.repeat(10_000_000)}"}`, 413, 'payload_too_large'],
  ])('%s is refused', async (_, body, status, code) => {
    expectProblem(await postJson(body), status, code);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('a chunked body over the limit is 413', async () => {
    const chunk = 'a'.repeat(100_000);
    const stream = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 20; sent += 1) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    };
    expectProblem(await send('/api/v1/things', init as RequestInit), 413, 'payload_too_large');
  });

  it('half a megabyte of nested arrays in the limit of depth is judged quickly', async () => {
    const startedAt = performance.now();
    await postJson(`[${'[],'.repeat(160_000)}[]]`);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json-patch+json',
    'nonsense',
  ])('the type %s is 415', async (type) =>
    expectProblem(await postJson('{"name":"a"}', { 'content-type': type }), 415, 'unsupported_media_type'),
  );

  it('a body without a type is 415', async () => {
    const answer = await sendRaw(
      service.port,
      'POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    expect(answer.status).toBe(415);
  });

  it('a charset is fine', async () => {
    const answer = await postJson('{"name":"a"}', { 'content-type': 'application/json; charset=utf-8' });
    expect(answer.status).toBe(201);
  });

  it('a route without a body takes none or {}, and nothing else', async () => {
    const remove = (body?: string): Promise<Answer> =>
      send('/api/v1/things/01890a5d-ac96-774b-bcce-b302099a8057', {
        method: 'DELETE',
        headers: {
          authorization: 'Bearer user-1',
          'if-match': '*',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body,
      });
    expect([(await remove()).status, (await remove('{}')).status, (await remove('')).status]).toEqual([
      204, 204, 204,
    ]);
    expectProblem(await remove('{"a":1}'), 422, 'validation_failed');
  });
});

describe('validation', () => {
  it('points at each field, says why by code and never repeats the value', async () => {
    const answer = await postJson(
      JSON.stringify({
        name: 'secret\u0007',
        count: '1',
        note: 5,
        isOn: 1,
        parts: [{ label: 'ok' }, { label: 'x'.repeat(11), extra: 1 }],
        'a/b~c': 1,
      }),
    );
    expectProblem(answer, 422, 'validation_failed');
    expect(
      answer.body.errors?.map(({ in: place, pointer, code }) => `${place} ${pointer} ${code}`).sort(),
    ).toEqual([
      'body /a~1b~0c unknown_field',
      'body /count integer',
      'body /isOn boolean',
      'body /name control_character',
      'body /note string',
      'body /parts/1/extra unknown_field',
      'body /parts/1/label max_length',
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('tells what is missing', async () => {
    const answer = await postJson('{}');
    expect(answer.body.errors).toEqual([
      { in: 'body', pointer: '/name', code: 'required', message: 'This field is required.' },
    ]);
    expect(answer.body.detail).toBe('name: This field is required.');
  });

  it('names the first faults in the detail, for programs that show nothing else', async () => {
    const answer = await postJson('{"count":"1","isOn":"yes","note":7,"color":1}');
    expect(answer.body.errors).toHaveLength(5);
    expect(answer.body.detail).toMatch(/^\S+: .+ 2 more are in errors\.$/);
  });

  it('cuts the name of a field in the detail between characters', async () => {
    const answer = await postJson(JSON.stringify({ name: 'Ada', [`${'a'.repeat(62)}🙂b`]: 1 }));
    expect(answer.body.detail).toContain('aaa');
    expect(String(answer.body.detail).isWellFormed()).toBe(true);
  });

  it('null is a value of its own: refused unless the field allows it', async () => {
    expect((await postJson('{"name":"a","note":null}')).status).toBe(201);
    expect((await postJson('{"name":"a","count":null}')).body.errors).toMatchObject([{ pointer: '/count' }]);
  });

  it('counts code points, and allows newlines where lines are expected', async () => {
    expect((await postJson(JSON.stringify({ name: '😀'.repeat(20), note: 'a\n\tb' }))).status).toBe(201);
    expect((await postJson(JSON.stringify({ name: '😀'.repeat(21) }))).status).toBe(422);
  });

  it('creating answers with where the new resource is', async () => {
    expect((await postJson('{"name":"a"}')).headers.get('location')).toBe('/api/v1/things/7');
  });
});

describe('query strings', () => {
  it('convert what the query declares and keep their defaults', async () => {
    expect((await send('/api/v1/things?limit=7&total=true')).body).toMatchObject({ limit: 7, total: true });
    expect((await send('/api/v1/things')).body).toMatchObject({ limit: 50, total: null });
  });

  it.each<[string, number, string]>([
    ['limit=0', 422, 'validation_failed'],
    ['limit=201', 422, 'validation_failed'],
    ['limit=1.5', 422, 'validation_failed'],
    ['limit=abc', 422, 'validation_failed'],
    ['limit=', 422, 'validation_failed'],
    ['limit=1e1', 422, 'validation_failed'],
    ['limit=0x10', 422, 'validation_failed'],
    ['limit=%2B7', 422, 'validation_failed'],
    ['limit=7.0', 422, 'validation_failed'],
    ['limit=-7', 422, 'validation_failed'],
    ['total=1', 422, 'validation_failed'],
    ['cursor=%00', 422, 'validation_failed'],
    ['unknown=1', 422, 'validation_failed'],
    ['a[__proto__]=1', 422, 'validation_failed'],
    ['__proto__=1', 422, 'validation_failed'],
    ['limit=1&limit=2', 400, 'repeated_parameter'],
    ['limit=%zz', 400, 'malformed_request'],
    ['limit=%ff', 400, 'malformed_request'],
    [Array.from({ length: 200 }, (_, n) => `a${n}=1`).join('&'), 400, 'malformed_request'],
  ])('%s is refused', async (query, status, code) =>
    expectProblem(await send(`/api/v1/things?${query}`), status, code),
  );
});

describe('routes that take no parameters', () => {
  const thing = '/api/v1/things/01890a5d-ac96-774b-bcce-b302099a8057';

  it('refuse them, as they refuse unknown fields', async () => {
    const headers = { authorization: 'Bearer user-1', 'if-match': '*' };
    expect((await send(thing, { method: 'DELETE', headers })).status).toBe(204);
    const removed = await send(`${thing}?dryRun=true`, { method: 'DELETE', headers });
    expectProblem(removed, 422, 'validation_failed');
    expect(removed.body.errors).toMatchObject([{ in: 'query', pointer: '/dryRun', code: 'unknown_field' }]);
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"a"}' };
    expectProblem(await send('/api/v1/things?a=1', json), 422, 'validation_failed');
  });

  it('let them pass where everybody may read', async () =>
    expect((await send(`${thing}?utm_source=mail`)).status).toBe(200));
});

it('a problem is kept by nobody, however long the answer it took the place of may be', async () => {
  const answer = await send('/api/v1/things/kept');
  expectProblem(answer, 404, 'not_found');
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

describe('headers', () => {
  const request = (lines: string[]): string =>
    ['GET /api/v1/things HTTP/1.1', ...lines, 'Connection: close', '', ''].join('\r\n');

  it.each<[string, string[], number]>([
    ['no Host', [], 400],
    ['two Hosts', ['Host: localhost', 'Host: evil.example'], 400],
    ['two Authorizations', ['Host: localhost', 'Authorization: Bearer a', 'Authorization: Bearer b'], 401],
    ['two Idempotency-Keys', ['Host: localhost', 'Idempotency-Key: a', 'Idempotency-Key: b'], 400],
    ['a foreign Host', ['Host: evil.example'], 421],
    ['an unknown expectation', ['Host: localhost', 'Expect: miracles'], 400],
    ['100 KB of header', ['Host: localhost', `X-Long: ${'a'.repeat(100_000)}`], 431],
    ['a header with a bare line feed', ['Host: localhost', 'X-A: a\nb'], 400],
    ['both lengths', ['Host: localhost', 'Content-Length: 4', 'Transfer-Encoding: chunked'], 400],
    ['two lengths', ['Host: localhost', 'Content-Length: 4', 'Content-Length: 5'], 400],
  ])('%s is refused with a problem', async (_, lines, status) => {
    const answer = await sendRaw(service.port, request(lines));
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-request-id']).toBeTruthy();
    expect(JSON.parse(answer.body)).toMatchObject({ status, requestId: answer.headers['x-request-id'] });
  });

  it.each([
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET\r\n\r\n',
    'FROB /x HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
  ])('garbage %j on the socket is 400 and the connection closed', async (bytes) => {
    const answer = await sendRaw(service.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(400);
    expect(answer.headers.connection).toBe('close');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_request' });
  });

  it('names of this machine are fine as Host', async () => {
    for (const host of ['localhost', `127.0.0.1:${service.port}`, '[::1]:80', 'LOCALHOST:1']) {
      expect((await sendRaw(service.port, request([`Host: ${host}`]))).status).toBe(200);
    }
  });
});

describe('preconditions', () => {
  const remove = (headers: Record<string, string>): Promise<Answer> =>
    send('/api/v1/things/01890a5d-ac96-774b-bcce-b302099a8057', {
      method: 'DELETE',
      headers: { authorization: 'Bearer user-1', ...headers },
    });

  it('a strict route without If-Match is 428', async () =>
    expectProblem(await remove({}), 428, 'precondition_required'));
  it.each(['3', 'abc', '"3', '""3""', ','])('If-Match %s is 400', async (tag) =>
    expectProblem(await remove({ 'if-match': tag }), 400, 'malformed_request'),
  );
  it('two different versions are 400', async () =>
    expectProblem(await remove({ 'if-match': '"1", "2"' }), 400, 'malformed_request'));

  it('a GET by id has an ETag and is 304 for whoever has it', async () => {
    const path = '/api/v1/things/01890a5d-ac96-774b-bcce-b302099a8057';
    const first = await send(path);
    expect(first.headers.get('etag')).toBe('"3"');
    const again = await fetch(`${service.url}${path}`, { headers: { 'if-none-match': 'W/"1", "3"' } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', '"3"']);
    expect((await send(path, { headers: { 'if-none-match': '"2"' } })).status).toBe(200);
  });

  it('an error of our own tells the client nothing', async () => {
    const answer = await remove({ 'if-match': '"4"' });
    expectProblem(answer, 500, 'internal_error');
    expect(JSON.stringify(answer.body)).not.toMatch(/srv|SELECT|Error|version 4/);
  });

  it('without a credential is 401', async () => {
    const answer = await send('/api/v1/things/01890a5d-ac96-774b-bcce-b302099a8057', { method: 'DELETE' });
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('cross-origin requests', () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`${service.url}/api/v1/things`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('are allowed for listed origins, without credentials', async () => {
    const answer = await preflight('https://ui.example');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://ui.example');
    expect(answer.headers.get('access-control-max-age')).toBe('600');
    // What a page sends when it goes on reading a stream.
    expect(answer.headers.get('access-control-allow-headers')).toContain('Last-Event-ID');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const actual = await send('/api/v1/nothing', { headers: { origin: 'https://ui.example' } });
    expect(actual.headers.get('access-control-allow-origin')).toBe('https://ui.example');
    expect(actual.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it.each([
    ['a query with a parameter given twice', '/api/v1/things?limit=1&limit=2', 400],
    ['an address that cannot be decoded', '/api/v1/things/%zz', 400],
    ['a path without a route', '/api/v1/nothing', 404],
  ])('can read the refusal of %s', async (_, path, status) => {
    const answer = await send(path, { headers: { origin: 'https://ui.example' } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://ui.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  it.each(['null', 'https://ui.example.evil', 'http://ui.example', 'https://UI.example'])(
    'are not for %s',
    async (origin) => {
      const answer = await preflight(origin);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toBe('Origin');
    },
  );
});
