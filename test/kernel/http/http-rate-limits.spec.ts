import { Controller, Get } from '@nestjs/common';
import { parseList } from 'structured-headers';
import { Authenticated, Public } from '../../../src/kernel/access/index.js';
import { ChangeFeed, Database, UnitOfWork } from '../../../src/kernel/database/index.js';
import { RateLimiter } from '../../../src/kernel/http/rate-limit/rate-limiter.js';
import { RateWindows } from '../../../src/kernel/http/rate-limit/rate-windows.repository.js';
import {
  DEFAULT_TENANT_ID,
  runInOperation,
  systemOperation,
  systemPrincipal,
} from '../../../src/kernel/operation/index.js';
import { ratePrincipal, SettingsStore } from '../../../src/kernel/settings/index.js';
import { TestClock } from '../../support/test-clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { until } from '../kernel-context.js';
import { type HttpTestApp, startHttpApp } from './http-app.js';

@Controller()
class PingController {
  @Public()
  @Get('open')
  open(): object {
    return {};
  }

  @Public({ rate: 'auth' })
  @Get('auth/door')
  door(): object {
    return {};
  }

  @Authenticated()
  @Get('closed')
  closed(): object {
    return {};
  }

  @Authenticated({ rate: 'export' })
  @Get('export')
  export(): object {
    return {};
  }
}

const LIMIT = 100;
const SHARE = Math.floor(LIMIT / 16);

let database: TestDatabase;
let replicas: HttpTestApp[];

beforeAll(async () => {
  database = await createTestDatabase();
  const rate = { anonymous: LIMIT, auth: 20, principal: LIMIT, export: 3 };
  const settings = { rate, trustedProxies: ['127.0.0.0/8'] };
  replicas = [
    await startHttpApp(database.runtimeUrl, [PingController], settings),
    await startHttpApp(database.runtimeUrl, [PingController], settings),
  ];
});

afterAll(async () => {
  for (const replica of replicas ?? []) await replica.app.close();
  await database?.drop();
});

/** A window that ends while a test counts would count twice. */
beforeEach(async () => {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left + 50));
});

interface Caller {
  address?: string;
  user?: string;
  replica?: number;
}

function call(path: string, { address = '198.51.100.1', user, replica = 0 }: Caller = {}): Promise<Response> {
  const headers: Record<string, string> = { 'x-forwarded-for': address };
  if (user !== undefined) headers.authorization = `Bearer user-${user}`;
  return fetch(`${replicas[replica].url}/api/v1/${path}`, { headers });
}

async function burst(count: number, one: (n: number) => Promise<Response>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (const { status } of await Promise.all(Array.from({ length: count }, (_, n) => one(n)))) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

it('a burst of 1,000 over two replicas gets the limit and at most one share of each replica more', async () => {
  const statuses = await burst(1_000, (n) => call('closed', { user: 'burst', replica: n % 2 }));
  expect(statuses.get(200)).toBeGreaterThanOrEqual(LIMIT);
  expect(statuses.get(200)).toBeLessThanOrEqual(LIMIT + 2 * SHARE);
  expect(statuses.get(429)).toBe(1_000 - (statuses.get(200) ?? 0));
}, 60_000);

it('the headers are structured fields, and a refusal says when to come back', async () => {
  for (let n = 0; n < 3; n += 1) expect((await call('export', { user: 'exporter' })).status).toBe(200);
  const refused = await call('export', { user: 'exporter' });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
  const [[policy, policyParameters]] = parseList(refused.headers.get('ratelimit-policy') ?? '');
  const [[limit, parameters]] = parseList(refused.headers.get('ratelimit') ?? '');
  expect([policy, Object.fromEntries(policyParameters)]).toEqual(['export', { q: 3, w: 60 }]);
  expect([limit, parameters.get('r')]).toEqual(['export', 0]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(parameters.get('t')));
});

it('principals do not share, and neither do principals and addresses', async () => {
  await burst(LIMIT + 50, () => call('closed', { user: 'greedy', address: '198.51.100.9' }));
  expect((await call('closed', { user: 'greedy', address: '198.51.100.9' })).status).toBe(429);
  expect((await call('closed', { user: 'modest', address: '198.51.100.9' })).status).toBe(200);
  expect((await call('open', { address: '198.51.100.9' })).status).toBe(200);
});

it('credentials that are no good count for the address, and in the end are told so', async () => {
  const guess = (): Promise<Response> => call('closed', { user: 'nobody', address: '198.51.100.20' });
  const statuses = await burst(LIMIT + 20, guess);
  expect(statuses.get(401)).toBeLessThanOrEqual(LIMIT + SHARE);
  expect((await guess()).status).toBe(429);
  expect((await call('open', { address: '198.51.100.20' })).status).toBe(429);
  // Who was let in before is none of those who guess behind the same address.
  expect((await call('closed', { user: 'resident', address: '198.51.100.20' })).status).toBe(200);
});

it('sign-in routes have a limit of their own', async () => {
  const statuses = await burst(40, () => call('auth/door', { address: '198.51.100.30' }));
  expect(statuses.get(200)).toBe(20);
  expect((await call('open', { address: '198.51.100.30' })).status).toBe(200);
});

it('one IPv6 customer is one address however it is written, and a neighbour is another', async () => {
  await burst(30, (n) => call('auth/door', { address: `2001:db8:1:2::${n.toString(16)}` }));
  expect((await call('auth/door', { address: '2001:0DB8:0001:0002:ffff:0:0:1' })).status).toBe(429);
  expect((await call('auth/door', { address: '2001:db8:1:3::1' })).status).toBe(200);
});

it('an IPv4 address mapped into IPv6 is the IPv4 address, and nonsense is the peer', async () => {
  await burst(30, () => call('auth/door', { address: '198.51.100.40' }));
  expect((await call('auth/door', { address: '::ffff:198.51.100.40' })).status).toBe(429);
  expect((await call('auth/door', { address: 'not-an-address' })).status).toBe(200);
});

it('in the steady state a request asks the database nothing', async () => {
  await call('closed', { user: 'steady' });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const issued = replicas[0].app.get(Database);
  const before = issued.queriesIssued;
  await call('closed', { user: 'steady' });
  expect(issued.queriesIssued - before).toBe(0);
});

it('the limit that an administrator has set holds while settings cannot be read', async () => {
  const own = await startHttpApp(database.runtimeUrl, [PingController]);
  try {
    const settings = own.app.get(SettingsStore);
    const policy = async () =>
      (
        await fetch(`${own.url}/api/v1/closed`, { headers: { authorization: 'Bearer user-limited' } })
      ).headers.get('ratelimit-policy');
    await asSystem(() =>
      own.app.get(UnitOfWork).run(() => settings.update(DEFAULT_TENANT_ID, { 'rate.principal': 77 }, null)),
    );
    await until(async () => (await policy()) === '"principal";q=77;w=60');
    // Nothing remembered counts as fresh from here on.
    own.app.get(ChangeFeed).stop();
    expect(settings.peek(DEFAULT_TENANT_ID, ratePrincipal)).toBeUndefined();
    expect(await policy()).toBe('"principal";q=77;w=60');
  } finally {
    await own.app.close();
  }
});

const asSystem = <T>(work: () => T): T =>
  runInOperation(systemOperation('boot', 'test', systemPrincipal('test')), work);

describe('the limiter itself', () => {
  class Ledger {
    readonly spent = new Map<string, number>();
    isAway = false;

    async add(
      settlements: readonly { key: string; windowStart: number; spent: number }[],
    ): Promise<Map<string, number>> {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (this.isAway) throw new Error('away');
      for (const { key, spent } of settlements) this.spent.set(key, (this.spent.get(key) ?? 0) + spent);
      return new Map(settlements.map(({ key }) => [key, this.spent.get(key) ?? 0]));
    }
  }

  const limiterOn = (ledger: Ledger, clock = new TestClock()): RateLimiter =>
    new RateLimiter(clock, ledger as unknown as RateWindows);

  it('keeps the limit by itself while the database is away', async () => {
    const ledger = new Ledger();
    ledger.isAway = true;
    const limiter = limiterOn(ledger);
    const verdicts = await Promise.all(Array.from({ length: 300 }, async () => limiter.spend('k', LIMIT)));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(LIMIT);
    await limiter.beforeApplicationShutdown();
  });

  it('what is left never rises within a window, and a new window starts full', async () => {
    const clock = new TestClock();
    const limiter = limiterOn(new Ledger(), clock);
    let last = Infinity;
    for (let n = 0; n < LIMIT + 5; n += 1) {
      const { remaining } = await limiter.spend('k', LIMIT);
      expect(remaining).toBeLessThanOrEqual(last);
      last = remaining;
    }
    expect(last).toBe(0);
    clock.advance(60_000);
    expect((await limiter.spend('k', LIMIT)).remaining).toBe(LIMIT - 1);
    await limiter.beforeApplicationShutdown();
  });

  it('forgets nobody who keeps coming, and nothing that was spent, when many addresses come', async () => {
    const ledger = new Ledger();
    const limiter = limiterOn(ledger);
    for (let n = 0; n < LIMIT; n += 1) await limiter.spend('greedy', LIMIT);
    await limiter.spend('once', LIMIT);
    for (let n = 0; n < 120_000; n += 1) {
      await limiter.spend(`anonymous:${n}`, LIMIT);
      if (n % 1_000 === 0) expect((await limiter.spend('greedy', LIMIT)).allowed).toBe(false);
      if (n % 5_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(ledger.spent.get('once')).toBe(1);
    await limiter.beforeApplicationShutdown();
  });

  it('stays small however many addresses come', () => {
    const limiter = limiterOn(new Ledger());
    for (let n = 0; n < 120_000; n += 1) void limiter.spend(`anonymous:${n}`, LIMIT);
    expect((limiter as unknown as { buckets: Map<string, unknown> }).buckets.size).toBeLessThanOrEqual(
      50_000,
    );
  });
});
