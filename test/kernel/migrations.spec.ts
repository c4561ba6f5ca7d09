import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateDatabase, schemaDrift } from '../../src/kernel/database/index.js';
import { AccessChange } from '../../src/kernel/database/change-feed/access-change.entity.js';
import { JobOutboxRow } from '../../src/kernel/jobs/job-outbox-row.entity.js';
import { JobWorker } from '../../src/kernel/jobs/job-worker.entity.js';
import { ScheduleRow } from '../../src/kernel/jobs/schedule-row.entity.js';
import { Tenant } from '../../src/kernel/settings/tenant.entity.js';
import { TenantSettings } from '../../src/kernel/settings/tenant-settings.entity.js';
import { asSuperuser, testServer, withDatabase } from '../support/postgres.js';
import { Child } from './child.js';
import { Stage, until } from './kernel-context.js';

/** An empty database that the owner role owns and the run-time role does not know. */
async function emptyDatabase(): Promise<{ ownerUrl: string; runtimeUrl: string; drop(): Promise<void> }> {
  const server = testServer();
  const name = `${server.template.replace('_template', '')}_${randomBytes(6).toString('hex')}`;
  const owner = new URL(server.ownerUrl).username;
  await asSuperuser(server, async (client) => {
    await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  });
  return {
    ownerUrl: withDatabase(server.ownerUrl, name),
    runtimeUrl: withDatabase(server.runtimeUrl, name),
    drop: () =>
      asSuperuser(server, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('an empty database', () => {
  it('is migrated by one of four processes that start at once, and all of them can use it', async () => {
    const database = await emptyDatabase();
    const children = Array.from(
      { length: 4 },
      () => new Child('migrate.ts', database.ownerUrl, database.runtimeUrl),
    );
    await Promise.all(children.map(({ exit }) => exit));
    expect(children.map(({ errors }) => errors).join('')).toBe('');
    expect(children.map(({ lines }) => Number(lines[0])).filter((applied) => applied > 0)).toHaveLength(1);
    await connected(database.runtimeUrl, async (client) => {
      const { rows } = await client.query('SELECT name FROM schema_migrations');
      expect(rows.length).toBeGreaterThan(0);
    });
    await database.drop();
  });

  it('is migrated by a role that owns it and runs the service as well', async () => {
    const database = await emptyDatabase();
    const { applied } = await migrateDatabase({ ownerUrl: database.ownerUrl, runtimeUrl: database.ownerUrl });
    expect(applied.length).toBeGreaterThan(0);
    expect(await migrateDatabase({ ownerUrl: database.ownerUrl, runtimeUrl: database.ownerUrl })).toEqual({
      applied: [],
    });
    await database.drop();
  });
});

describe('a database that others are using', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it('is not held up by another process that starts', async () => {
    const busy = await stage.owner.connect();
    // As a long report and a worker do at the same time; nothing that changes a table could go on beside them.
    await busy.query(
      'BEGIN; SELECT FROM graphile_worker._private_jobs; SELECT FROM users; SELECT FROM job_outbox',
    );
    const beganMs = performance.now();
    expect(await migrateDatabase(stage.database)).toEqual({ applied: [] });
    expect(performance.now() - beganMs).toBeLessThan(1_500);
    await busy.query('COMMIT');
    busy.release();
  });

  it('is waited for, without holding anybody up, when there is something to change', async () => {
    const policies = () =>
      stage.rows(
        `SELECT 1 FROM pg_policies WHERE tablename = '_private_jobs' AND policyname = 'reeve_runtime'`,
      );
    await stage.rows('DROP POLICY reeve_runtime ON graphile_worker._private_jobs');
    const busy = await stage.owner.connect();
    await busy.query('BEGIN; SELECT FROM graphile_worker._private_jobs');
    const lines: string[] = [];
    const migrating = migrateDatabase({ ...stage.database, log: (line) => lines.push(line) });
    await until(() => lines.includes('The migration waits for tables that are in use'));
    // Whoever comes after the one that waits gets its turn all the same.
    await stage.rows('SELECT FROM graphile_worker._private_jobs');
    await busy.query('COMMIT');
    busy.release();
    expect(await migrating).toEqual({ applied: [] });
    expect(await policies()).toHaveLength(1);
  });

  it('is tried again when each waits for the other', async () => {
    const [last] = await stage.rows(
      `DELETE FROM schema_migrations WHERE name = 'AuditEntryWrites1767225642000' RETURNING name`,
    );
    await stage.rows(
      'ALTER TABLE audit_personal ADD CONSTRAINT fk_audit_personal_entry FOREIGN KEY (entry_id) REFERENCES audit_entries',
    );
    const busy = await stage.owner.connect();
    await busy.query('BEGIN; SELECT FROM audit_entries');
    const migrating = migrateDatabase(stage.database);
    const waiting = `SELECT FROM pg_locks WHERE relation = 'audit_entries'::regclass AND NOT granted`;
    while ((await stage.rows(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    // On a machine that is slow just now PostgreSQL may choose this one instead.
    await busy.query('SELECT FROM audit_personal').catch(() => undefined);
    await busy.query('COMMIT');
    busy.release();

    expect(await migrating).toEqual({ applied: [last.name] });
  });

  it('gets back the rights that somebody took from the run-time role, and loses those it should not have', async () => {
    const role = new URL(stage.database.runtimeUrl).username;
    await stage.rows(`REVOKE INSERT ON audit_entries FROM ${role}`);
    await stage.rows(`GRANT DELETE ON audit_entries TO ${role}`);
    await migrateDatabase(stage.database);
    const [rights] = await stage.rows(
      `SELECT has_table_privilege($1, 'audit_entries', 'INSERT') AS insert, has_table_privilege($1, 'audit_entries', 'DELETE') AS delete`,
      [role],
    );
    expect(rights).toEqual({ insert: true, delete: false });
  });
});

describe('a database that a newer version has migrated', () => {
  it('is not touched', async () => {
    const stage = await Stage.open();
    await stage.rows(
      `INSERT INTO schema_migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`,
    );
    await expect(migrateDatabase(stage.database)).rejects.toThrow(
      'newer version (FromTheFuture9999999999999)',
    );
    await stage.close();
  });
});

describe('the run-time role', () => {
  let stage: Stage;
  let runtime: pg.Client;

  beforeAll(async () => {
    stage = await Stage.open();
    runtime = new pg.Client({ connectionString: stage.database.runtimeUrl });
    await runtime.connect();
  });
  afterAll(async () => {
    await runtime.end();
    await stage.close();
  });

  it.each([
    'UPDATE audit_entries SET action = $$x$$',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries CASCADE',
    'UPDATE audit_personal SET actor_name = NULL',
    'ALTER TABLE audit_entries DISABLE TRIGGER ALL',
    'DROP TRIGGER audit_entries_append_only ON audit_entries',
    'CREATE TABLE anything (id integer)',
    'CREATE TEMPORARY TABLE anything (id integer)',
    'CREATE SCHEMA anything',
    'ALTER TABLE users ADD COLUMN anything integer',
    'DROP TABLE users',
    'TRUNCATE users CASCADE',
    'INSERT INTO schema_migrations (timestamp, name) VALUES (1, $$x$$)',
    'DELETE FROM graphile_worker.migrations',
    'CREATE FUNCTION graphile_worker.anything() RETURNS void LANGUAGE sql AS $$$$',
  ])('may not %s', async (text) => {
    await expect(runtime.query(text)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    'SELECT * FROM audit_entries',
    'DELETE FROM audit_personal',
    'UPDATE users SET username = username',
    'SELECT * FROM graphile_worker.add_job($$anything$$)',
    'SELECT * FROM graphile_worker._private_jobs',
    'SELECT graphile_worker.force_unlock_workers(ARRAY[$$w$$])',
    'DELETE FROM graphile_worker._private_jobs',
  ])('may %s', async (text) => {
    await expect(runtime.query(text)).resolves.toBeDefined();
  });

  it('sees the jobs it added', async () => {
    await runtime.query('SELECT graphile_worker.add_job($$anything$$)');
    expect((await runtime.query('SELECT 1 FROM graphile_worker._private_jobs')).rowCount).toBe(1);
  });

  it('is refused by the trigger where a single role owns everything', async () => {
    await stage.rows(`INSERT INTO audit_entries (id, tenant_id, occurred_at, actor_kind, action, resource_type, outcome, detail, leaf_hash)
      VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'system', 'a.b', 'a', 'success', '{}', '')`);
    await expect(stage.rows('DELETE FROM audit_entries')).rejects.toThrow('append-only');
    await expect(stage.rows('TRUNCATE audit_entries CASCADE')).rejects.toThrow('append-only');
  });
});

describe('the entities of the kernel', () => {
  it('say what the migrations say', async () => {
    const stage = await Stage.open();
    const entities = [AccessChange, JobOutboxRow, JobWorker, ScheduleRow, Tenant, TenantSettings];
    expect(await schemaDrift(stage.database.ownerUrl, entities)).toEqual([]);
    await stage.close();
  });
});
