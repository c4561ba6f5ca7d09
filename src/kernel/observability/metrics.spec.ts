import { Secret } from '../crypto/secret.js';
import { mayReadMetrics } from './metrics-access.js';
import { Metrics } from './metrics.js';

describe('the metrics', () => {
  let metrics: Metrics;
  beforeEach(() => (metrics = new Metrics()));
  afterEach(() => metrics.onApplicationShutdown());

  const linesOf = async (prefix: string): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith(prefix));

  it('count requests by method, pattern and status', async () => {
    for (const status of [200, 200, 404]) {
      metrics.requests.started();
      metrics.requests.ended('GET', '/api/v1/users/:id', status, 0.02);
    }
    metrics.requests.started();
    metrics.requests.ended('POST', undefined, 404, 0.001);

    expect(await linesOf('http_server_requests_total')).toEqual([
      'http_server_requests_total{method="GET",route="/api/v1/users/:id",status="200"} 2',
      'http_server_requests_total{method="GET",route="/api/v1/users/:id",status="404"} 1',
      'http_server_requests_total{method="POST",route="unmatched",status="404"} 1',
    ]);
  });

  it('tell how long requests took, in cumulative buckets', async () => {
    for (const seconds of [0.001, 0.02, 0.02, 60]) {
      metrics.requests.started();
      metrics.requests.ended('GET', '/x', 200, seconds);
    }
    const lines = await linesOf('http_server_request_duration_seconds');
    const labels = 'method="GET",route="/x",status="200"';

    expect(lines).toContain(`http_server_request_duration_seconds_bucket{le="0.001",${labels}} 1`);
    expect(lines).toContain(`http_server_request_duration_seconds_bucket{le="0.025",${labels}} 3`);
    expect(lines).toContain(`http_server_request_duration_seconds_bucket{le="10",${labels}} 3`);
    expect(lines).toContain(`http_server_request_duration_seconds_bucket{le="+Inf",${labels}} 4`);
    expect(lines).toContain(`http_server_request_duration_seconds_count{${labels}} 4`);
    expect(
      lines.some((line) => line.startsWith(`http_server_request_duration_seconds_sum{${labels}} 60.04`)),
    ).toBe(true);
  });

  it('say how many requests are under way', async () => {
    metrics.requests.started();
    metrics.requests.started();
    metrics.requests.ended('GET', '/x', 200, 0.1);

    expect(await linesOf('http_server_inflight_requests')).toEqual(['http_server_inflight_requests 1']);
  });

  it('say how much of the connection pools is at work and how much may be taken', async () => {
    metrics.watchPool(() => ({ inUse: 3, available: 17 }));
    metrics.watchPool(() => ({ inUse: 1, available: 3 }));

    expect(await linesOf('db_pool_in_use')).toEqual(['db_pool_in_use 4']);
    expect(await linesOf('db_pool_available')).toEqual(['db_pool_available 20']);
  });

  it('read the depth of the queue once for readers that follow each other closely', async () => {
    let reads = 0;
    metrics.queue.watch(async () => ({
      byState: { ready: (reads += 1), failed: 7 },
      longestWaitSeconds: 41.5,
    }));
    await metrics.text();

    expect(await linesOf('job_queue_depth')).toEqual([
      'job_queue_depth{state="ready"} 1',
      'job_queue_depth{state="failed"} 7',
    ]);
    expect(await linesOf('job_queue_oldest_age_seconds')).toEqual(['job_queue_oldest_age_seconds 41.5']);
    expect(reads).toBe(1);
  });

  it('stay readable while the database is away', async () => {
    metrics.queue.watch(() => Promise.reject(new Error('connection refused')));

    expect(await linesOf('job_queue_depth')).toEqual([]);
    expect(await linesOf('job_queue_oldest_age_seconds')).toEqual([]);
    expect(await linesOf('db_pool_in_use')).toHaveLength(1);
  });

  it('include the lag of the event loop and of the process what Prometheus expects', async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    const blockedUntil = performance.now() + 200;
    while (performance.now() < blockedUntil);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const [lag] = await linesOf('event_loop_lag_seconds');

    expect(Number(lag.split(' ')[1])).toBeGreaterThan(0.1);
    expect(await linesOf('process_cpu_user_seconds_total')).toHaveLength(1);
  });

  it('take counters of other modules', async () => {
    const refused = metrics.counter('passwords_refused_total', 'Passwords refused.', ['reason']);
    refused.inc({ reason: 'common' });

    expect(await linesOf('passwords_refused_total')).toEqual(['passwords_refused_total{reason="common"} 1']);
  });

  it('belong to one application: another one counts for itself', async () => {
    const other = new Metrics();
    other.requests.started();
    other.onApplicationShutdown();

    expect(await linesOf('http_server_inflight_requests')).toEqual(['http_server_inflight_requests 0']);
  });
});

describe('who may read the metrics', () => {
  const metricsToken = new Secret('4f7b0a1c2d3e4f5a');

  it('is anybody on a developer machine and nobody in production, unless there is a token', () => {
    expect(mayReadMetrics({ isProduction: false }, undefined)).toBe(true);
    expect(mayReadMetrics({ isProduction: true }, undefined)).toBe(false);
    expect(mayReadMetrics({ isProduction: true }, 'Bearer x')).toBe(false);
  });

  it('is who shows the token', () => {
    const configuration = { isProduction: true, metricsToken };
    expect(mayReadMetrics(configuration, 'Bearer 4f7b0a1c2d3e4f5a')).toBe(true);
    expect(mayReadMetrics(configuration, 'bearer 4f7b0a1c2d3e4f5a')).toBe(true);
    expect(mayReadMetrics(configuration, 'Bearer 4f7b0a1c2d3e4f5')).toBe(false);
    expect(mayReadMetrics(configuration, '4f7b0a1c2d3e4f5a')).toBe(false);
    expect(mayReadMetrics(configuration, undefined)).toBe(false);
  });
});
