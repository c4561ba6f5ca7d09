import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { Configuration } from './configuration.js';
import { Entropy } from './entropy.js';
import { Ids } from './ids.js';
import { Shutdown } from './shutdown.js';

@Global()
@Module({})
export class RuntimeModule {
  static with(configuration: Configuration): DynamicModule {
    const shared = [Clock, Entropy, Ids, Shutdown];
    return {
      module: RuntimeModule,
      providers: [{ provide: Configuration, useValue: configuration }, ...shared],
      exports: [Configuration, ...shared],
    };
  }
}
