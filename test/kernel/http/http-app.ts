import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessModule, Authenticator, AuthenticatorRegistry } from '../../../src/kernel/access/index.js';
import { CryptoModule } from '../../../src/kernel/crypto/crypto.module.js';
import { Secret } from '../../../src/kernel/crypto/index.js';
import { DatabaseModule } from '../../../src/kernel/database/index.js';
import { EventsModule } from '../../../src/kernel/events/index.js';
import { configureHttp, fastifyAdapter, HttpModule } from '../../../src/kernel/http/index.js';
import { JobsModule } from '../../../src/kernel/jobs/index.js';
import {
  ApplicationLog,
  createLogger,
  ObservabilityModule,
} from '../../../src/kernel/observability/index.js';
import { DEFAULT_TENANT_ID, PermissionSet, type Principal } from '../../../src/kernel/operation/index.js';
import { Unauthorized } from '../../../src/kernel/problem/index.js';
import {
  Configuration,
  type ConfigurationValues,
  loadConfiguration,
  RuntimeModule,
} from '../../../src/kernel/runtime/index.js';
import { SettingsStoreModule } from '../../../src/kernel/settings/index.js';

/** Knows the token `user-<id>` for anybody. */
class AnybodyAuthenticator extends Authenticator {
  recognises(token: string): boolean {
    return token.startsWith('user-');
  }

  knows(token: string): boolean {
    return token !== 'user-nobody';
  }

  authenticate(token: string): Principal {
    const id = token.slice('user-'.length);
    if (id === 'nobody') throw new Unauthorized();
    const credential = {
      kind: 'session',
      sessionId: id,
      familyId: id,
      authenticatedAt: new Date(0),
      amr: ['pwd'],
    } as const;
    return {
      kind: 'user',
      id,
      name: id,
      tenantId: DEFAULT_TENANT_ID,
      roles: [],
      permissions: PermissionSet.of([]),
      credential,
    };
  }
}

@Global()
@Module({})
class ActorsModule {
  constructor(registry: AuthenticatorRegistry) {
    registry.register(new AnybodyAuthenticator());
  }
}

export interface HttpTestApp {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
}

export async function startHttpApp(
  databaseUrl: string,
  controllers: Type[],
  settings: Partial<ConfigurationValues> = {},
  providers: Type[] = [],
): Promise<HttpTestApp> {
  const configuration = new Configuration({
    ...loadConfiguration({ NODE_ENV: 'test' }),
    ...valuesFor(databaseUrl),
    ...settings,
  });
  const log = new ApplicationLog(createLogger({ level: 'silent' }));
  const module = moduleWith(configuration, log, controllers, providers);
  const app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(configuration), {
    logger: log,
    abortOnError: false,
    bodyParser: false,
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, url: `http://127.0.0.1:${port}`, port };
}

function valuesFor(databaseUrl: string): Partial<ConfigurationValues> {
  return {
    databaseUrl: new Secret(databaseUrl),
    role: 'api',
    secretKey: new Secret('k'.repeat(43)),
    dbPoolSize: 10,
  };
}

function moduleWith(
  configuration: Configuration,
  log: ApplicationLog,
  controllers: Type[],
  providers: Type[],
): DynamicModule {
  return {
    module: class TestModule {},
    imports: [
      RuntimeModule.with(configuration),
      ObservabilityModule.with(log),
      CryptoModule,
      DatabaseModule,
      AccessModule,
      EventsModule,
      JobsModule,
      SettingsStoreModule,
      HttpModule,
      ActorsModule,
    ],
    controllers,
    providers,
  };
}
