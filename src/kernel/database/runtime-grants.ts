import pg from 'pg';

/** The schema that the job queue brings with it. */
const QUEUE_SCHEMA = 'graphile_worker';
const LEAST_RIGHTS: Readonly<Record<string, string>> = {
  // What has been recorded stays; the personal part of a record can be erased, not changed.
  audit_entries: 'SELECT, INSERT',
  audit_personal: 'SELECT, INSERT, DELETE',
  schema_migrations: 'SELECT',
};
const USUAL_RIGHTS = 'SELECT, INSERT, UPDATE, DELETE';

/**
 * Gives the run-time role what the service needs and nothing of the schema itself. Given anew after every migration:
 * rights that a former version gave and this one does not are taken back.
 */
export async function grantToRuntime(pool: pg.Pool, ownerUrl: string, runtimeUrl: string): Promise<void> {
  const role = userOf(runtimeUrl);
  if (role === userOf(ownerUrl)) return;
  const runtime = pg.escapeIdentifier(role);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(await databaseGrants(client, runtime));
    for (const { schema, table } of await tables(client)) {
      const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
      const rights = schema === QUEUE_SCHEMA ? queueRights(table) : (LEAST_RIGHTS[table] ?? USUAL_RIGHTS);
      await client.query(
        `REVOKE ALL ON ${name} FROM ${runtime}, PUBLIC; GRANT ${rights} ON ${name} TO ${runtime}`,
      );
    }
    for (const table of await rowSecuredTables(client)) await client.query(openRows(table, runtime));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function databaseGrants(client: pg.PoolClient, runtime: string): Promise<string> {
  const { rows } = await client.query<{ database: string; schema: string }>(
    'SELECT current_database() AS database, current_schema() AS schema',
  );
  const schema = pg.escapeIdentifier(rows[0].schema);
  const queue = pg.escapeIdentifier(QUEUE_SCHEMA);
  return `
    GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(rows[0].database)} TO ${runtime};
    REVOKE CREATE ON SCHEMA ${schema}, ${queue} FROM ${runtime};
    GRANT USAGE ON SCHEMA ${schema}, ${queue} TO ${runtime};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema}, ${queue} TO ${runtime};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${queue} TO ${runtime};`;
}

function queueRights(table: string): string {
  return table === 'migrations' ? 'SELECT' : USUAL_RIGHTS;
}

async function tables(client: pg.PoolClient): Promise<{ schema: string; table: string }[]> {
  const { rows } = await client.query<{ schema: string; table: string }>(
    `SELECT schemaname AS schema, tablename AS table FROM pg_tables
      WHERE schemaname IN (current_schema(), $1) AND tableowner = current_user ORDER BY 1, 2`,
    [QUEUE_SCHEMA],
  );
  return rows;
}

/** The queue turns row security on without any policy, which shuts out everybody but the owner. */
async function rowSecuredTables(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT relname AS table FROM pg_class WHERE relnamespace = $1::regnamespace AND relrowsecurity`,
    [QUEUE_SCHEMA],
  );
  return rows.map(({ table }) => table);
}

function openRows(table: string, runtime: string): string {
  const name = `${QUEUE_SCHEMA}.${pg.escapeIdentifier(table)}`;
  return `
    DROP POLICY IF EXISTS reeve_runtime ON ${name};
    CREATE POLICY reeve_runtime ON ${name} TO ${runtime} USING (true) WITH CHECK (true);`;
}

function userOf(url: string): string {
  return new pg.Client({ connectionString: url }).user ?? '';
}
