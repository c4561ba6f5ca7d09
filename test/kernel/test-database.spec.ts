import { Client } from 'pg';
import { asSuperuser, createTestDatabase, testServer } from '../support/postgres.js';

describe('The database of a test', () => {
  it('belongs to the owner role and lets the run-time role in, without DDL', async () => {
    const database = await createTestDatabase();
    const runtime = new Client({ connectionString: database.runtimeUrl });
    const owner = new Client({ connectionString: database.ownerUrl });
    await Promise.all([runtime.connect(), owner.connect()]);
    try {
      await owner.query('CREATE TABLE made_by_owner (id integer)');
      await expect(runtime.query('CREATE TABLE made_by_app (id integer)')).rejects.toThrow(
        'permission denied',
      );
      await expect(runtime.query('CREATE TEMPORARY TABLE made_by_app (id integer)')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await Promise.all([runtime.end(), owner.end()]);
      await database.drop();
    }
  });

  it('is migrated', async () => {
    const database = await createTestDatabase();
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    try {
      const { rows } = await owner.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM schema_migrations',
      );
      expect(rows[0].count).toBeGreaterThan(0);
    } finally {
      await owner.end();
      await database.drop();
    }
  });

  it('is one of its own, and gone after drop', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(first.runtimeUrl).not.toBe(second.runtimeUrl);

    await Promise.all([first.drop(), second.drop()]);

    const names = [first, second].map(({ ownerUrl }) => new URL(ownerUrl).pathname.slice(1));
    const { rows } = await asSuperuser(testServer(), (client) =>
      client.query('SELECT datname FROM pg_database WHERE datname = ANY ($1)', [names]),
    );
    expect(rows).toEqual([]);
  });
});
