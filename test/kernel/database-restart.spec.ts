import { Injectable } from '@nestjs/common';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  ChangeFeed,
  Database,
  databaseProblemOf,
  migrateDatabase,
  statement,
  Transactional,
} from '../../src/kernel/database/index.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/kernel/database/embedded/index.js';
import { Job, Jobs } from '../../src/kernel/jobs/index.js';
import { inOperation, type Replica, startReplica, until } from './kernel-context.js';

const insert = statement('restart_insert', 'INSERT INTO kept (id) VALUES ($1)');
const count = statement<{ n: number }>('restart_count', 'SELECT count(*)::integer AS n FROM kept');

@Injectable()
class Keeper {
  jobsRun = 0;

  constructor(
    readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  @Transactional()
  async keep(id: number): Promise<void> {
    await this.database.write(insert, [id]);
  }

  @Transactional()
  async enqueue(): Promise<void> {
    await this.jobs.enqueue({ name: 'restart.run', payload: {} });
  }

  @Job('restart.run')
  async run(): Promise<void> {
    this.jobsRun += 1;
  }
}

describe('a database server that goes away under load', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let replica: Replica;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'reeve-kernel-restart-'));
    chmodSync(directory, 0o711);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    server = await startEmbeddedPostgres({ dataDir: directory, log, settings: { fsync: 'off' } });
    await migrateDatabase({ ownerUrl: server.ownerUrl, runtimeUrl: server.runtimeUrl });
    await asOwner('CREATE TABLE kept (id integer PRIMARY KEY)');
    await asOwner('GRANT ALL ON kept TO PUBLIC');
    replica = await startReplica(server.runtimeUrl, {
      role: 'all',
      providers: [Keeper],
      changes: { dbPoolSize: 5 },
    });
  }, 60_000);
  afterAll(async () => {
    await replica.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const asOwner = async (text: string) => {
    const client = new pg.Client({ connectionString: server.ownerUrl });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  const postmaster = async () => {
    const client = new pg.Client({ connectionString: server.superuserUrl });
    await client.connect();
    const { rows } = await client.query<{ pid: string }>(
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
    );
    await client.end();
    return Number(rows[0].pid);
  };

  it('costs refusals meanwhile, nothing acknowledged, and no restart of the service', async () => {
    const keeper = replica.get(Keeper);
    const acknowledged: number[] = [];
    const surprises: unknown[] = [];
    let refusals = 0;
    let next = 0;
    let running = true;
    const load = Array.from({ length: 10 }, async () => {
      while (running) {
        const id = (next += 1);
        try {
          await inOperation(() => keeper.keep(id));
          acknowledged.push(id);
        } catch (error) {
          if (databaseProblemOf(error)?.code === 'database_unavailable') refusals += 1;
          else surprises.push(error);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    for (const signal of ['SIGQUIT', 'SIGINT'] as const) {
      await until(() => acknowledged.length > 50);
      process.kill(await postmaster(), signal);
      const refusedBefore = refusals;
      await until(() => refusals > refusedBefore);
      const known = acknowledged.length;
      expect(
        await until(() => acknowledged.length > known + 20 && replica.get(ChangeFeed).isFresh(), 15_000),
      ).toBeLessThan(10_000);
    }
    running = false;
    await Promise.all(load);
    expect(surprises).toEqual([]);
    const kept = await inOperation(() => keeper.database.readOne(count));
    expect(kept!.n).toBeGreaterThanOrEqual(acknowledged.length);
    await inOperation(() => keeper.enqueue());
    await until(() => keeper.jobsRun === 1, 15_000);
    await until(() => replica.get(ChangeFeed).isListening, 15_000);
    await until(() => keeper.database.poolStats().inUse === 0);
  }, 60_000);
});
