import pg from 'pg';

/** The schema that the job queue brings with it. */
const QUEUE_SCHEMA = 'graphile_worker';
const POLICY = 'reeve_runtime';
const LEAST_RIGHTS: Readonly<Record<string, string>> = {
  // What has been recorded stays; the personal part of a record can be erased, not changed.
  audit_entries: 'SELECT, INSERT',
  audit_personal: 'SELECT, INSERT, DELETE',
  audit_leaves: 'SELECT, INSERT',
  audit_tiles: 'SELECT, INSERT',
  audit_keys: 'SELECT, INSERT',
  audit_checkpoints: 'SELECT, INSERT',
  // Written by the owner alone, when it prunes and when it finds itself in another cluster.
  audit_segments: 'SELECT',
  audit_epochs: 'SELECT',
  // Who voted for what is kept for ever.
  approval_votes: 'SELECT, INSERT',
  schema_migrations: 'SELECT',
};
const USUAL_RIGHTS = 'SELECT, INSERT, UPDATE, DELETE';

/**
 * Gives the run-time role what the service needs and nothing of the schema itself, after every migration: rights that a
 * former version gave and this one does not are taken back. What is right already is not touched, for replicas that
 * start work beside others that serve.
 */
export async function grantToRuntime(pool: pg.Pool, ownerUrl: string, runtimeUrl: string): Promise<void> {
  const role = userOf(runtimeUrl);
  if (role === userOf(ownerUrl)) return;
  const runtime = pg.escapeIdentifier(role);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(await databaseGrants(client, runtime));
    for (const { schema, table, given, givenToAll } of await tables(client, role)) {
      const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
      const rights = schema === QUEUE_SCHEMA ? queueRights(table) : (LEAST_RIGHTS[table] ?? USUAL_RIGHTS);
      if (!givenToAll && isSame(given, rights)) continue;
      await client.query(
        `REVOKE ALL ON ${name} FROM ${runtime}, PUBLIC; GRANT ${rights} ON ${name} TO ${runtime}`,
      );
    }
    for (const table of await shutTables(client, role)) await client.query(openRows(table, runtime));
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

interface TableRights {
  readonly schema: string;
  readonly table: string;
  /** To the run-time role, by name; empty when there are none. */
  readonly given: string;
  readonly givenToAll: boolean;
}

async function tables(client: pg.PoolClient, role: string): Promise<TableRights[]> {
  const { rows } = await client.query<TableRights>(
    `SELECT n.nspname AS schema, c.relname AS table,
            coalesce((SELECT string_agg(privilege_type, ', ') FROM aclexplode(c.relacl)
                       WHERE grantee = (SELECT oid FROM pg_roles WHERE rolname = $2)), '') AS given,
            EXISTS (SELECT FROM aclexplode(c.relacl) WHERE grantee = 0) AS "givenToAll"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname IN (current_schema(), $1)
        AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
      ORDER BY 1, 2`,
    [QUEUE_SCHEMA, role],
  );
  return rows;
}

function isSame(given: string, rights: string): boolean {
  const sorted = (list: string): string => list.split(', ').sort().join();
  return sorted(given) === sorted(rights);
}

/**
 * The queue turns row security on without any policy, which shuts out everybody but the owner. A policy cannot be made
 * without stopping everybody who uses the table, so it is made once.
 */
async function shutTables(client: pg.PoolClient, role: string): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT relname AS table FROM pg_class c
      WHERE relnamespace = to_regnamespace($1::text) AND relrowsecurity
        AND NOT EXISTS (SELECT FROM pg_policies
                         WHERE schemaname = $1::text AND tablename = c.relname AND policyname = '${POLICY}'
                           AND $2::name = ANY (roles))`,
    [QUEUE_SCHEMA, role],
  );
  return rows.map(({ table }) => table);
}

function openRows(table: string, runtime: string): string {
  const name = `${QUEUE_SCHEMA}.${pg.escapeIdentifier(table)}`;
  return `
    DROP POLICY IF EXISTS ${POLICY} ON ${name};
    CREATE POLICY ${POLICY} ON ${name} TO ${runtime} USING (true) WITH CHECK (true);`;
}

function userOf(url: string): string {
  return new pg.Client({ connectionString: url }).user ?? '';
}
