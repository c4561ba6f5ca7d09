import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './kernel/access/index.js';
import { CryptoModule } from './kernel/crypto/crypto.module.js';
import { DatabaseModule } from './kernel/database/index.js';
import { EventsModule } from './kernel/events/index.js';
import { HttpModule } from './kernel/http/index.js';
import { JobsModule } from './kernel/jobs/index.js';
import { MailModule } from './kernel/mail/index.js';
import { type ApplicationLog, ObservabilityModule } from './kernel/observability/index.js';
import { type Configuration, RuntimeModule } from './kernel/runtime/index.js';
import { SettingsStoreModule } from './kernel/settings/index.js';
import { AuditModule } from './modules/audit/index.js';
import { AuthModule } from './modules/auth/index.js';
import { HealthModule } from './modules/health/index.js';
import { RbacModule } from './modules/rbac/index.js';
import { SettingsModule } from './modules/settings/index.js';
import { TerminalModule } from './modules/terminal/index.js';

/** The table of contents: the kernel, then what the product is made of. */
@Module({})
export class AppModule {
  static with(configuration: Configuration, log: ApplicationLog): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RuntimeModule.with(configuration),
        ObservabilityModule.with(log),
        CryptoModule,
        DatabaseModule,
        AccessModule,
        EventsModule,
        JobsModule,
        SettingsStoreModule,
        MailModule,
        HttpModule,

        AuthModule,
        RbacModule,
        AuditModule,
        TerminalModule,
        SettingsModule,
        HealthModule,
      ],
    };
  }
}
