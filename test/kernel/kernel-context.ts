import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Secret } from '../../src/kernel/crypto/index.js';
import { CryptoModule } from '../../src/kernel/crypto/crypto.module.js';
import { DatabaseModule, UnitOfWork } from '../../src/kernel/database/index.js';
import { JobsModule } from '../../src/kernel/jobs/index.js';
import { MailModule } from '../../src/kernel/mail/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../src/kernel/operation/index.js';
import { Configuration, loadConfiguration, RuntimeModule } from '../../src/kernel/runtime/index.js';
import { SettingsStoreModule } from '../../src/kernel/settings/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** One replica of the kernel: what a process would be, without HTTP. */
export interface Replica {
  readonly context: INestApplicationContext;
  get<T>(type: Type<T>): T;
  /** Runs in an operation and a transaction, as a use case would. */
  inTransaction<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly role?: 'api' | 'worker' | 'all';
  readonly providers?: Type[];
  readonly changes?: Partial<Configuration>;
}

export async function startReplica(databaseUrl: string, options: ReplicaOptions = {}): Promise<Replica> {
  @Module({ providers: options.providers ?? [] })
  class UnderTest {}

  @Module({
    imports: [
      RuntimeModule.with(configurationFor(databaseUrl, options)),
      CryptoModule,
      DatabaseModule,
      JobsModule,
      SettingsStoreModule,
      MailModule,
      UnderTest,
    ],
  })
  class Kernel {}

  const context = await NestFactory.createApplicationContext(Kernel, {
    logger: process.env.TEST_LOG ? undefined : false,
    abortOnError: false,
  });
  return {
    context,
    get: (type) => context.get(type, { strict: false }),
    inTransaction: (work) => inOperation(() => context.get(UnitOfWork).run(work)),
    stop: async () => {
      await context.close();
      rmSync(context.get(Configuration, { strict: false }).dataDir, { recursive: true, force: true });
    },
  };
}

export function inOperation<T>(work: () => T): T {
  return runInOperation(systemOperation('boot', 'test', systemPrincipal('test')), work);
}

function configurationFor(
  databaseUrl: string,
  { role = 'api', changes = {} }: ReplicaOptions,
): Configuration {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-kernel-'));
  const defaults = loadConfiguration({}, directory, []);
  return new Configuration({
    ...defaults,
    databaseUrl: new Secret(databaseUrl),
    dataDir: directory,
    role,
    ...changes,
  });
}

/** A database of the test's own, and plain connections to look at it from outside. */
export class Stage {
  private constructor(
    readonly database: TestDatabase,
    readonly owner: pg.Pool,
  ) {}

  static async open(): Promise<Stage> {
    const database = await createTestDatabase();
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 5 });
    owner.on('error', () => undefined);
    return new Stage(database, owner);
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(text, values)).rows;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.database.drop();
  }
}

/** Waits until the condition holds; how long that took, in milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<number> {
  const beganMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - beganMs > limitMs) throw new Error(`Not so within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - beganMs;
}
