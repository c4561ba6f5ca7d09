import { Body, Controller, Injectable, Post, Query } from '@nestjs/common';
import { Authenticated, Public } from '../../../src/kernel/access/index.js';
import { Database, statement, Transactional, UnitOfWork } from '../../../src/kernel/database/index.js';
import { CheckedBy, Created, NoContent, Optional, Text } from '../../../src/kernel/http/index.js';
import { IdempotencySchedule } from '../../../src/kernel/http/idempotency/idempotency.schedule.js';
import { problem } from '../../../src/kernel/problem/index.js';
import {
  asSuperuser,
  createTestDatabase,
  type TestDatabase,
  testServer,
  withDatabase,
} from '../../support/postgres.js';
import { type HttpTestApp, startHttpApp } from './http-app.js';

class Order {
  @Text({ max: 50 })
  item: string;

  @Optional()
  @Text({ max: 10 })
  mood?: string;
}

class OutOfStock extends problem({
  status: 409,
  code: 'test_out_of_stock',
  title: 'Gone',
  meaning: 'It is gone.',
  remedy: 'Wait.',
}) {}

const insertEffect = statement('test_effect_insert', 'INSERT INTO test_effects (item) VALUES ($1)');
const hold = statement('test_hold', 'SELECT pg_sleep($1::float)');

@Injectable()
class Orders {
  constructor(
    readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
  ) {}

  @Transactional()
  async place({ item, mood }: Order): Promise<{ id: string; version: number; secret: string; at: string }> {
    await this.database.write(insertEffect, [item]);
    if (mood === 'slow') await this.database.read(hold, [0.3]);
    if (mood === 'refuse') throw new OutOfStock();
    if (mood === 'break') throw new Error('broken');
    return { id: item, version: 1, secret: 'rv_shown_once', at: String(process.hrtime.bigint()) };
  }
}

@Controller()
class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Authenticated()
  @Created(Order)
  @Post('orders')
  place(@Query() @CheckedBy((any) => any) _any: object, @Body() order: Order): Promise<object> {
    return this.orders.place(order);
  }

  @Authenticated()
  @NoContent()
  @Post('silent-orders')
  async placeSilently(@Body() order: Order): Promise<void> {
    await this.orders.place(order);
  }

  @Public({ carriesCredentials: true })
  @Created(Order)
  @Post('logins')
  login(@Body() order: Order): Promise<object> {
    return this.orders.place(order);
  }
}

let database: TestDatabase;
let replicas: [HttpTestApp, HttpTestApp];

beforeAll(async () => {
  database = await createTestDatabase();
  await asOwner('CREATE TABLE test_effects (item text NOT NULL)');
  await asOwner(`GRANT ALL ON test_effects TO ${new URL(database.runtimeUrl).username}`);
  const start = (): Promise<HttpTestApp> =>
    startHttpApp(database.runtimeUrl, [OrdersController], {}, [Orders]);
  replicas = [await start(), await start()];
});

afterAll(async () => {
  for (const replica of replicas ?? []) await replica.app.close();
  await database?.drop();
});

function asOwner(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const url = withDatabase(testServer().superuserUrl, new URL(database.runtimeUrl).pathname.slice(1));
  return asSuperuser(
    { superuserUrl: url },
    async (client) => (await client.query(sql, values)).rows as Record<string, unknown>[],
  );
}

const effects = async (item: string): Promise<number> =>
  Number((await asOwner('SELECT count(*) FROM test_effects WHERE item = $1', [item]))[0].count);

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

async function place(
  key: string | null,
  order: unknown,
  { user = 'ada', path = 'orders', replica = 0 } = {},
): Promise<Answer> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    authorization: `Bearer user-${user}`,
  };
  if (key !== null) headers['idempotency-key'] = key;
  const body = typeof order === 'string' ? order : JSON.stringify(order);
  const answer = await fetch(`${replicas[replica].url}/api/v1/${path}`, { method: 'POST', headers, body });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const codeOf = ({ text }: Answer): unknown => (JSON.parse(text) as { code: unknown }).code;

it('a repeated request has one effect and gets the first answer byte for byte', async () => {
  const first = await place('key-1', { item: 'one' });
  const again = await place('key-1', { item: 'one' }, { replica: 1 });
  expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  expect(again.text).toBe(first.text);
  for (const name of ['location', 'etag', 'content-type'])
    expect(again.headers.get(name)).toBe(first.headers.get(name));
  expect(first.headers.get('location')).toBe('/api/v1/orders/one');
  expect(first.headers.get('etag')).toBe('"1"');
  expect(await effects('one')).toBe(1);
});

it('without a key the answer is the same, apart from the replay', async () => {
  const plain = await place(null, { item: 'plain' });
  const keyed = await place('key-plain', { item: 'plain' });
  expect(Object.keys(JSON.parse(keyed.text) as object)).toEqual(
    Object.keys(JSON.parse(plain.text) as object),
  );
  expect(keyed.headers.get('content-type')).toBe(plain.headers.get('content-type'));
  expect(await effects('plain')).toBe(2);
});

it('an answer without a body is repeated without a body', async () => {
  await place('key-silent', { item: 'silent' }, { path: 'silent-orders' });
  const again = await place('key-silent', { item: 'silent' }, { path: 'silent-orders' });
  expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([204, '', 'true']);
});

it('the order of members and white space do not make another body, values do', async () => {
  await place('key-2', '{"item":"two","mood":"calm"}');
  expect((await place('key-2', '{ "mood": "calm", "item": "two" }')).headers.get('idempotent-replayed')).toBe(
    'true',
  );
  const other = await place('key-2', '{"item":"two","mood":"wild"}');
  expect([other.status, codeOf(other)]).toEqual([409, 'idempotency_conflict']);
});

it('the key of one principal, route or query says nothing to another', async () => {
  await place('key-3', { item: 'three' });
  const others = [
    await place('key-3', { item: 'three' }, { user: 'bob' }),
    await place('key-3', { item: 'three' }, { path: 'silent-orders' }),
    await place('key-3', { item: 'three' }, { path: 'orders?a=1' }),
  ];
  expect(others.map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, null, null]);
  expect(await effects('three')).toBe(4);
});

it('a refusal is not stored and leaves nothing behind', async () => {
  const refused = await place('key-4', { item: 'four', mood: 'refuse' });
  expect([refused.status, codeOf(refused)]).toEqual([409, 'test_out_of_stock']);
  expect((await place('key-4', { item: 'four', mood: 'break' })).status).toBe(500);
  expect(await effects('four')).toBe(0);
  expect((await place('key-4', { item: 'four' })).status).toBe(201);
  expect(await effects('four')).toBe(1);
});

it('a transaction that cannot be committed leaves no address and no version in its refusal', async () => {
  await asOwner(`
    CREATE FUNCTION test_doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
    CREATE CONSTRAINT TRIGGER test_doom AFTER INSERT ON test_effects DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.item = 'doomed') EXECUTE FUNCTION test_doom()`);
  const { status, headers } = await place('key-doomed', { item: 'doomed' });
  expect(status).toBe(500);
  expect([headers.get('location'), headers.get('etag')]).toEqual([null, null]);
  expect(await effects('doomed')).toBe(0);
});

it('a body with a number that nothing can hold is refused as malformed', async () => {
  const answer = await place('key-huge', '{"item":"huge","mood":1e999}');
  expect([answer.status, codeOf(answer)]).toEqual([400, 'malformed_request']);
});

it('invalid input is not stored either, and a replay needs a credential', async () => {
  expect((await place('key-5', { item: '' })).status).toBe(422);
  expect((await place('key-5', { item: 'five' })).status).toBe(201);
  expect((await place('key-5', { item: 'five' }, { user: 'nobody' })).status).toBe(401);
});

it('100 parallel duplicates on two replicas have one effect', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => place('key-6', { item: 'six', mood: 'slow' }, { replica: n % 2 })),
  );
  expect(await effects('six')).toBe(1);
  const created = answers.filter(({ status }) => status === 201);
  expect(created.length).toBeGreaterThan(0);
  expect(new Set(created.map(({ text }) => text)).size).toBe(1);
  const waiting = answers.filter(({ status }) => status !== 201);
  expect(
    new Set(
      waiting.map(
        (answer) => `${answer.status} ${String(codeOf(answer))} ${answer.headers.get('retry-after')}`,
      ),
    ),
  ).toEqual(new Set(waiting.length === 0 ? [] : ['409 idempotency_in_flight 1']));
});

it.each([' ', 'a b', 'ä', 'x'.repeat(256), '"unclosed', '""'])('the key %j is refused', async (key) => {
  const answer = await place(Buffer.from(key).toString('latin1'), { item: 'seven' });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_idempotency_key']);
});

it('a quoted key is the bare one', async () => {
  await place('"key-8"', { item: 'eight' });
  expect((await place('key-8', { item: 'eight' })).headers.get('idempotent-replayed')).toBe('true');
});

it('routes that carry credentials ignore the header', async () => {
  await place('key-9', { item: 'nine' }, { path: 'logins' });
  const again = await place('key-9', { item: 'nine' }, { path: 'logins' });
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
});

it('what is stored shows no secret, lasts 24 hours and is swept afterwards', async () => {
  await place('key-10', { item: 'ten' });
  const rows = await asOwner(
    "SELECT convert_from(body, 'UTF8') AS body, expires_at - created_at AS kept FROM idempotency_keys",
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('rv_shown_once');
  expect(rows[0].kept).toMatchObject({ days: 1 });
  await asOwner("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'");
  const fresh = await place('key-10', { item: 'ten' });
  expect(fresh.headers.get('idempotent-replayed')).toBeNull();
  expect(await effects('ten')).toBe(2);
  await replicas[0].app.get(IdempotencySchedule).deleteExpired();
  expect(await asOwner('SELECT count(*)::integer AS count FROM idempotency_keys')).toEqual([{ count: 1 }]);
});
