import type { ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { AccessModule, Authenticator, AuthenticatorRegistry } from '../../src/kernel/access/index.js';
import { CryptoModule } from '../../src/kernel/crypto/crypto.module.js';
import { DatabaseModule } from '../../src/kernel/database/index.js';
import { EventsModule } from '../../src/kernel/events/index.js';
import { configureHttp, fastifyAdapter, HttpModule } from '../../src/kernel/http/index.js';
import { ApplicationLog, createLogger, ObservabilityModule } from '../../src/kernel/observability/index.js';
import {
  DEFAULT_TENANT_ID,
  type Operation,
  PermissionSet,
  type Principal,
  runInOperation,
} from '../../src/kernel/operation/index.js';
import { Unauthorized } from '../../src/kernel/problem/index.js';
import { Clock, loadConfiguration, RuntimeModule } from '../../src/kernel/runtime/index.js';
import { SettingsStoreModule } from '../../src/kernel/settings/index.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { TestClock } from './test-clock.js';

/** One for all of a test file: two applications on one database are replicas. */
const SECRET_KEY = randomBytes(32).toString('base64url');

/** The kernel with a few parts on top, on a database of its own. */
export interface KernelApp {
  readonly app: NestFastifyApplication;
  readonly clock: TestClock;
  readonly tokens: TokensByHand;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

export async function startKernelApp(
  parts: Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'> = {},
  database?: TestDatabase,
  secretKey = SECRET_KEY,
): Promise<KernelApp> {
  const own = database ?? (await createTestDatabase());
  const configuration = loadConfiguration(
    {
      DATABASE_URL: own.runtimeUrl,
      REEVE_SECRET_KEY: secretKey,
      REEVE_LOG_LEVEL: 'error',
      // Nothing happens by itself: a test that wants the log sealed seals it.
      REEVE_ROLE: 'api',
    },
    '/nonexistent',
  );
  const clock = new TestClock();
  const log = new ApplicationLog(createLogger({ level: 'error', context: () => ({}) }));
  const testing = await Test.createTestingModule({
    imports: [
      RuntimeModule.with(configuration),
      ObservabilityModule.with(log),
      CryptoModule,
      DatabaseModule,
      AccessModule,
      EventsModule,
      SettingsStoreModule,
      HttpModule,
      ...(parts.imports ?? []),
    ],
    controllers: parts.controllers,
    providers: parts.providers,
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .setLogger(log)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(fastifyAdapter(configuration));
  const tokens = new TokensByHand();
  app.get(AuthenticatorRegistry).register(tokens);
  configureHttp(app);
  const close = async () => {
    await app.close();
    if (database === undefined) await own.drop();
  };
  try {
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { app, clock, tokens, database: own, close };
}

/** Tokens that a test hands out itself: `test.<name>`. */
export class TokensByHand extends Authenticator {
  private readonly principals = new Map<string, Principal>();
  /** Answers through a promise, as an authenticator does that has to look a token up. */
  slow = false;

  issue(
    name: string,
    principal: Partial<Principal> & { may?: readonly string[] } = {},
  ): Record<string, string> {
    const token = `test.${name}`;
    this.principals.set(token, principalLike(principal));
    return { authorization: `Bearer ${token}` };
  }

  override recognises(token: string): boolean {
    return token.startsWith('test.');
  }

  override knows(token: string): boolean {
    return this.principals.has(token);
  }

  override authenticate(token: string): Principal | Promise<Principal> {
    const principal = this.principals.get(token);
    if (principal === undefined) throw new Unauthorized();
    return this.slow ? Promise.resolve(principal) : principal;
  }
}

export const ADA = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11';

export function principalLike({
  may = [],
  ...given
}: Partial<Principal> & { may?: readonly string[] } = {}): Principal {
  return {
    kind: 'user',
    id: ADA,
    name: 'ada',
    tenantId: DEFAULT_TENANT_ID,
    roles: ['member'],
    permissions: PermissionSet.of(may),
    credential: {
      kind: 'session',
      sessionId: '01936f5e-0000-7000-8000-0000000000a1',
      familyId: '01936f5e-0000-7000-8000-0000000000a2',
      authenticatedAt: new Date(),
      amr: ['pwd'],
    },
    ...given,
  };
}

/** Runs the work as a request of this principal would. */
export function asPrincipal<T>(
  principal: Principal | null,
  work: () => T,
  operation: Partial<Operation> = {},
): T {
  const request: Operation = {
    requestId: 'request-of-the-test',
    kind: 'http',
    principal,
    clientIp: '192.0.2.7',
    userAgent: 'test/1',
    transaction: null,
    ...operation,
  };
  return runInOperation(request, work);
}
