import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ApplicationLog } from './application-log.js';
import { Metrics } from './metrics.js';

/** Offers ApplicationLog (its `lines` is the pino logger) and Metrics to the whole application. */
@Global()
@Module({})
export class ObservabilityModule {
  static with(log: ApplicationLog): DynamicModule {
    return {
      module: ObservabilityModule,
      providers: [{ provide: ApplicationLog, useValue: log }, Metrics],
      exports: [ApplicationLog, Metrics],
    };
  }
}
