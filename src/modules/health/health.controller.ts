import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../kernel/access/index.js';
import { mayReadMetrics, Metrics } from '../../kernel/observability/index.js';
import { Unauthorized } from '../../kernel/problem/index.js';
import { Configuration } from '../../kernel/runtime/index.js';
import { Readiness } from './readiness.js';

/** For orchestrators and monitoring. Outside the API: no tenant, no principal, no promise to API clients. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    private readonly configuration: Configuration,
  ) {}

  /** The process turns its event loop. Says nothing about the database: restarting us would not mend that. */
  @Public()
  @Get('healthz')
  alive() {
    return { status: 'ok' };
  }

  /** Whether a balancer should send requests here, and if not, why. */
  @Public()
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const report = this.readiness.report();
    reply.status(report.status === 'ready' ? 200 : 503);
    return report;
  }

  /** Migrated and listening; from now on liveness and readiness are worth asking. */
  @Public()
  @Get('startupz')
  started(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.status(this.readiness.hasStarted ? 200 : 503);
    return { status: this.readiness.hasStarted ? 'started' : 'starting' };
  }

  @Public()
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async numbers(@Headers('authorization') authorization?: string): Promise<string> {
    if (!mayReadMetrics(this.configuration, authorization)) {
      throw new Unauthorized('Send REEVE_METRICS_TOKEN as a bearer token.');
    }
    return this.metrics.text();
  }
}
