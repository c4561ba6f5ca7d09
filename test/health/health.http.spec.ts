import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Client } from 'pg';
import { Secret } from '../../src/kernel/crypto/index.js';
import { Shutdown } from '../../src/kernel/runtime/index.js';
import { startApp, type TestApp } from '../support/app.js';

describe('health endpoints', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('tell an orchestrator that the process lives, has started and is ready, and why', async () => {
    expect(await app.http.get('//healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await app.http.get('//startupz')).toMatchObject({ status: 200, body: { status: 'started' } });

    const { status, body } = await app.http.get('//readyz');
    expect(status).toBe(200);
    expect(body.status).toBe('ready');
    expect(body.checks.map((check: { name: string }) => check.name)).toEqual([
      'process',
      'database',
      'audit_protection',
      'durability',
      'clock',
      'change_feed',
      'mail',
    ]);
  });

  it('name what the database does not promise, and are ready all the same', async () => {
    const owner = new Client({ connectionString: app.database.ownerUrl });
    await owner.connect();
    await owner.query(`ALTER DATABASE ${owner.database} SET synchronous_commit = off`);
    const forgetful = await startApp({ replicaOf: app });
    const { status, body } = await forgetful.http.get('//readyz');
    await forgetful.close();
    await owner.query(`ALTER DATABASE ${owner.database} RESET synchronous_commit`);
    await owner.end();

    expect(status).toBe(200);
    expect(body.checks).toContainEqual({ name: 'audit_protection', status: 'ok' });
    expect(body.checks).toContainEqual({
      name: 'durability',
      status: 'degraded',
      detail: expect.stringContaining('synchronous_commit off') as unknown,
    });
  });

  it('show metrics by route pattern, never by the path that was asked', async () => {
    await app.http.get('/users/01890000-0000-7000-8000-000000000000');
    await app.http.get('/no/such/route');

    const { body: text } = await app.http.get('//metrics');
    expect(text).toContain('route="/api/v1/users/:id"');
    expect(text).toContain('route="unmatched"');
    expect(text).not.toContain('01890000');
    for (const name of [
      'http_server_requests_total',
      'http_server_request_duration_seconds',
      'http_server_inflight_requests',
      'db_pool_in_use',
      'db_pool_available',
      'event_loop_lag_seconds',
      'job_queue_depth',
      'job_queue_oldest_age_seconds',
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
  });

  it('show how the connections and the queue stand', async () => {
    const owner = new Client({ connectionString: app.database.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO job_outbox (id, name, payload, run_at)
       VALUES (gen_random_uuid(), 'test.any', '{}', now() - interval '1 minute')`,
    );
    await owner.end();
    // What was counted lately is not counted again.
    const metrics = await startApp({ replicaOf: app });
    const { body: text } = await metrics.http.get('//metrics');
    await metrics.close();

    const valueOf = (name: string) =>
      Number(
        (text as string)
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      );
    expect(valueOf('db_pool_in_use') + valueOf('db_pool_available')).toBe(app.configuration.dbPoolSize);
    expect(valueOf('db_pool_available')).toBeGreaterThan(0);
    expect(valueOf('job_queue_depth{state="ready"}')).toBe(1);
    expect(valueOf('job_queue_depth{state="failed"}')).toBe(0);
    expect(valueOf('job_queue_oldest_age_seconds')).toBeGreaterThan(59);
  });
});

it('metrics need their token once one is set', async () => {
  const app = await startApp({
    configuration: { metricsToken: new Secret('scrape-me-if-you-can-0123456789') },
  });
  try {
    expect((await app.http.get('//metrics')).status).toBe(401);
    expect((await app.http.as('scrape-me-if-you-can').get('//metrics')).status).toBe(401);
    expect((await app.http.as('scrape-me-if-you-can-0123456789').get('//metrics')).status).toBe(200);
  } finally {
    await app.close();
  }
});

it('a worker answers operators and nobody else', async () => {
  const app = await startApp({ configuration: { role: 'worker' } });
  try {
    expect((await app.http.get('//healthz')).status).toBe(200);
    expect((await app.http.get('//readyz')).status).toBe(200);
    expect(await app.http.post('/auth/login', { login: 'ada', password: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    // The router reads what the address means, whatever its spelling.
    for (const path of ['/%61pi/v1/auth/login', `${app.url}/api/v1/auth/login`, '/api/v1/auth/login?']) {
      const answer = await requestTarget(app, 'POST', path);
      expect([path, answer]).toEqual([path, 404]);
    }
    for (const path of ['//docs', '//openapi.json', '//.well-known/jwks.json', '//problems/not_found'])
      expect([path, (await app.http.get(path)).status]).toEqual([path, 404]);
    expect((await app.http.get('/auth/login')).status).toBe(404);
  } finally {
    await app.close();
  }
});

/** The status for exactly this request target, which `fetch` would tidy up. */
async function requestTarget(app: TestApp, method: string, path: string): Promise<number | undefined> {
  const { hostname: host, port } = new URL(app.url);
  const asking = request({ host, port, method, path }).end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

it('readiness goes off first when the process is asked to end, while liveness stays', async () => {
  const app = await startApp();
  let whileStopping = 0;
  app.get(Shutdown).on('readiness', 'probe', async () => {
    whileStopping = (await app.http.get('//readyz')).status;
    expect((await app.http.get('//healthz')).status).toBe(200);
  });
  await app.close();
  expect(whileStopping).toBe(503);
});
