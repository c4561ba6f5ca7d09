import type { Metric, Registry } from 'prom-client';

const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The counts of one route, method and status. */
interface Tally {
  readonly labels: { method: string; route: string; status: string };
  count: number;
  sumSeconds: number;
  /** How many ended within the bound of the same index and above the one before. */
  readonly buckets: number[];
}

interface Sample {
  readonly labels: Record<string, string | number>;
  readonly value: number;
  readonly metricName?: string;
}

/**
 * Counts requests. prom-client's own instruments look labels up by a text built anew for each observation, which costs
 * as much as a tenth of a small request; here a request costs three look-ups by values that already exist, and the text
 * is built when somebody reads the metrics.
 */
export class RequestMetrics {
  private readonly tallies = new Map<string, Map<string, Map<number, Tally>>>();
  private inflight = 0;

  constructor(registry: Registry) {
    register(registry, 'http_server_requests_total', 'Requests answered.', 'counter', () =>
      this.all().map(({ labels, count }) => ({ labels, value: count })),
    );
    register(
      registry,
      'http_server_request_duration_seconds',
      'Time from the first byte of a request read to the last byte of its answer handed over.',
      'histogram',
      () => this.all().flatMap(histogramOf),
    );
    register(registry, 'http_server_inflight_requests', 'Requests not answered yet.', 'gauge', () => [
      { labels: {}, value: this.inflight },
    ]);
  }

  started(): void {
    this.inflight += 1;
  }

  /** @param route the pattern of the route; undefined when none matched */
  ended(method: string, route: string | undefined, status: number, seconds: number): void {
    this.inflight -= 1;
    const tally = this.tallyOf(method, route ?? 'unmatched', status);
    tally.count += 1;
    tally.sumSeconds += seconds;
    for (let index = 0; index < BOUNDS_SECONDS.length; index++)
      if (seconds <= BOUNDS_SECONDS[index]) {
        tally.buckets[index] += 1;
        return;
      }
  }

  private tallyOf(method: string, route: string, status: number): Tally {
    const ofRoute = entryOf(this.tallies, route, () => new Map<string, Map<number, Tally>>());
    const ofMethod = entryOf(ofRoute, method, () => new Map<number, Tally>());
    return entryOf(ofMethod, status, () => ({
      labels: { method, route, status: String(status) },
      count: 0,
      sumSeconds: 0,
      buckets: BOUNDS_SECONDS.map(() => 0),
    }));
  }

  private all(): Tally[] {
    return [...this.tallies.values()].flatMap((ofRoute) =>
      [...ofRoute.values()].flatMap((ofMethod) => [...ofMethod.values()]),
    );
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function histogramOf({ labels, count, sumSeconds, buckets }: Tally): Sample[] {
  const name = 'http_server_request_duration_seconds';
  let cumulative = 0;
  const bounded = BOUNDS_SECONDS.map((bound, index) => {
    cumulative += buckets[index];
    return { labels: { le: bound, ...labels }, value: cumulative, metricName: `${name}_bucket` };
  });
  return [
    ...bounded,
    { labels: { le: '+Inf', ...labels }, value: count, metricName: `${name}_bucket` },
    { labels, value: sumSeconds, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}

/** A registry asks a metric for no more than its name and `get`; the type names prom-client's own classes only. */
function register(
  registry: Registry,
  name: string,
  help: string,
  type: 'counter' | 'gauge' | 'histogram',
  values: () => Sample[],
): void {
  const metric = { name, get: async () => ({ name, help, type, values: values(), aggregator: 'sum' }) };
  registry.registerMetric(metric as unknown as Metric);
}
