import { Logger, Module, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../../../kernel/observability/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { BreachCheck } from './breach-check.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';

/** Password hashing and policy as this installation is configured. */
@Module({
  providers: [
    {
      provide: PasswordHasher,
      inject: [Configuration],
      useFactory: ({ argon2, hashQueue }: Configuration) =>
        new PasswordHasher({
          cost: { memoryKib: argon2.memoryKib, passes: argon2.iterations, lanes: 1 },
          maxWaiting: hashQueue,
        }),
    },
    {
      provide: PasswordPolicy,
      inject: [Configuration, Clock, Metrics],
      useFactory: ({ passwordMinLength, breachApiUrl }: Configuration, clock: Clock, metrics: Metrics) =>
        new PasswordPolicy({
          minimumLength: passwordMinLength,
          breachCheck: breachApiUrl === undefined ? undefined : breachCheckAt(breachApiUrl, clock, metrics),
        }),
    },
  ],
  exports: [PasswordHasher, PasswordPolicy],
})
export class PasswordsModule implements OnModuleInit {
  constructor(private readonly hasher: PasswordHasher) {}

  async onModuleInit(): Promise<void> {
    await this.hasher.prepare();
  }
}

function breachCheckAt(baseUrl: string, clock: Clock, metrics: Metrics): BreachCheck {
  const failures = metrics.counter(
    'auth_breach_check_failures_total',
    'Times the list of breached passwords could not be asked.',
  );
  const log = new Logger('BreachCheck');
  return new BreachCheck({
    baseUrl,
    monotonicMs: () => clock.monotonicMs(),
    onFailure: (error) => {
      failures.inc();
      log.warn(
        `The list of breached passwords could not be asked: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
  });
}
