import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { QueueMetrics } from './queue-metrics.js';
import { RequestMetrics } from './request-metrics.js';

/** How a connection pool stands at this moment. */
export interface PoolUse {
  readonly inUse: number;
  /** Could be had at once, those not opened yet included. */
  readonly available: number;
}

const LOOP_RESOLUTION_MS = 20;

/** The numbers of one application; `text` is what Prometheus reads. Each application has its own, also in tests. */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  private readonly registry = new Registry();
  private readonly loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  private readonly pools: (() => PoolUse)[] = [];

  readonly requests = new RequestMetrics(this.registry);
  readonly queue = new QueueMetrics(this.registry);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.loopDelay.enable();
    this.gauge('event_loop_lag_seconds', 'Event-loop lag since the last reading, 99th percentile.', () =>
      this.takeLoopLag(),
    );
    this.gauge('db_pool_in_use', 'Database connections at work.', () => this.sumOfPools('inUse'));
    this.gauge('db_pool_available', 'Database connections that may be had at once.', () =>
      this.sumOfPools('available'),
    );
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** A number that only grows. Keep the result: registering a name twice throws. */
  counter<L extends string>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  histogram<L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labels: readonly L[] = [],
  ): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames: labels, registers: [this.registry] });
  }

  /** A number that goes up and down, read when the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  watchPool(read: () => PoolUse): void {
    this.pools.push(read);
  }

  onApplicationShutdown(): void {
    this.loopDelay.disable();
    this.registry.clear();
  }

  /** The monitor reports the distance between two looks, of which the lag is what exceeds the distance it wanted. */
  private takeLoopLag(): number {
    const lagMs = this.loopDelay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS;
    this.loopDelay.reset();
    return Math.max(0, lagMs) / 1000;
  }

  private sumOfPools(part: keyof PoolUse): number {
    return this.pools.reduce((sum, read) => sum + read()[part], 0);
  }
}
