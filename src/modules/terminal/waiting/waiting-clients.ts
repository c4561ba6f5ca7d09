import { Injectable } from '@nestjs/common';
import { OpenRequests } from '../../../kernel/http/index.js';
import { Metrics } from '../../../kernel/observability/index.js';

/** An agent that asks for several commands at once waits for each of them. */
export const MOST_PER_PRINCIPAL = 32;
const MOST_TOGETHER = 2_000;

/** Those who follow a stream of the terminal at this process, or wait there for a decision. */
@Injectable()
export class WaitingClients extends OpenRequests {
  constructor(metrics: Metrics) {
    super({ each: MOST_PER_PRINCIPAL, together: MOST_TOGETHER });
    metrics.gauge(
      'terminal_clients_waiting',
      'Clients that follow a stream of the terminal at this process, or wait for a decision.',
      () => this.together,
    );
  }
}
