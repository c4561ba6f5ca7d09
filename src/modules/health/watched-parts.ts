import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../kernel/database/index.js';
import { Jobs } from '../../kernel/jobs/index.js';
import { Metrics } from '../../kernel/observability/index.js';

/** Shows the metrics the parts of the kernel that know nothing of metrics. */
@Injectable()
export class WatchedParts implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.metrics.watchPool(() => this.database.poolStats());
    this.metrics.queue.watch(() => this.jobs.queueUse());
  }
}
