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
      'clock',
      'change_feed',
      'mail',
    ]);
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
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
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
    expect((await app.http.get('//docs')).status).toBe(404);
  } finally {
    await app.close();
  }
});

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
