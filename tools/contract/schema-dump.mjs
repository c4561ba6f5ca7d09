import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

/**
 * The database after all migrations, as SQL to read, not to run: from the catalogues of a throw-away embedded server, in
 * an order that depends on names alone.
 *
 * @param {string} dist the directory of the build
 */
export async function schemaDump(dist) {
  const load = (path) => import(pathToFileURL(join(dist, 'src/kernel/database', path)).href);
  const [{ startEmbeddedPostgres }, { migrateDatabase }] = await Promise.all([load('embedded/index.js'), load('migrator.js')]);
  const dataDir = mkdtempSync(join(tmpdir(), 'reeve-schema-'));
  // As root the server runs as another user, who has to pass through.
  await chmod(dataDir, 0o711);
  const log = { info: () => undefined, warn: console.error, error: console.error };
  const server = await startEmbeddedPostgres({ dataDir, log, settings: { fsync: 'off' } });
  try {
    await migrateDatabase({ ownerUrl: server.ownerUrl, runtimeUrl: server.runtimeUrl });
    return await dumpOf(server.ownerUrl);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function dumpOf(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const lines = async (text) => (await client.query({ text, rowMode: 'array' })).rows.map(([line]) => line);
    const parts = [];
    for (const [title, query] of PARTS) {
      const found = await lines(query);
      if (found.length > 0) parts.push(`-- ${title}\n\n${found.join('\n')}\n`);
    }
    return `${HEAD}${parts.join('\n')}`;
  } finally {
    await client.end();
  }
}

const HEAD = `-- The database after all migrations, for reading and reviewing. Generated from the catalogues of a fresh installation.
-- The schema "graphile_worker" belongs to the job queue and is not listed.

`;

/** Everything of ours lives in the schema "public"; what extensions brought along is theirs. */
const OURS = `n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')`;

const PARTS = [
  [
    'Types',
    `SELECT 'CREATE TYPE ' || o.typname || ' AS ENUM (' ||
            (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = o.oid) || ');'
       FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
      WHERE ${OURS} AND o.typtype = 'e' ORDER BY o.typname COLLATE "C"`,
  ],
  [
    'Sequences',
    `SELECT 'CREATE SEQUENCE ' || o.relname || ';' FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND o.relkind = 'S' ORDER BY o.relname COLLATE "C"`,
  ],
  [
    'Tables',
    `SELECT 'CREATE TABLE ' || o.relname || E' (\\n' || (
              SELECT string_agg('  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
                       CASE WHEN a.attidentity <> '' THEN ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY'
                            WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(f.adbin, f.adrelid) || ') STORED'
                            WHEN f.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(f.adbin, f.adrelid) ELSE '' END ||
                       CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, E',\\n' ORDER BY a.attnum)
                FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
               WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped) || E'\\n)' ||
            CASE WHEN o.reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(o.reloptions, ', ') || ')' END || E';\\n'
       FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND o.relkind IN ('r', 'p') ORDER BY o.relname COLLATE "C"`,
  ],
  [
    'Constraints',
    `SELECT 'ALTER TABLE ' || o.relname || ' ADD CONSTRAINT ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || ';'
       FROM pg_constraint c JOIN pg_class o ON o.oid = c.conrelid JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND c.contype IN ('p', 'u', 'f', 'c', 'x')
      ORDER BY o.relname COLLATE "C", array_position(ARRAY['p', 'u', 'c', 'x', 'f'], c.contype::text), c.conname COLLATE "C"`,
  ],
  [
    'Indexes besides those of constraints',
    `SELECT replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON ') || ';'
       FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class o ON o.oid = i.indrelid JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
      ORDER BY o.relname COLLATE "C", x.relname COLLATE "C"`,
  ],
  [
    'Views',
    `SELECT 'CREATE VIEW ' || o.relname || E' AS\\n' || pg_get_viewdef(o.oid) || E'\\n'
       FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND o.relkind IN ('v', 'm') ORDER BY o.relname COLLATE "C"`,
  ],
  [
    'Functions',
    `SELECT pg_get_functiondef(o.oid) || E';\\n' FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
      WHERE ${OURS} AND o.prokind IN ('f', 'p') ORDER BY o.proname COLLATE "C", pg_get_function_identity_arguments(o.oid) COLLATE "C"`,
  ],
  [
    'Triggers',
    `SELECT replace(pg_get_triggerdef(t.oid), ' ON public.', ' ON ') || ';'
       FROM pg_trigger t JOIN pg_class o ON o.oid = t.tgrelid JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} AND NOT t.tgisinternal ORDER BY o.relname COLLATE "C", t.tgname COLLATE "C"`,
  ],
  [
    'Policies',
    `SELECT 'CREATE POLICY ' || polname || ' ON ' || o.relname || ' USING (' || coalesce(pg_get_expr(polqual, polrelid), 'true') || ');'
       FROM pg_policy p JOIN pg_class o ON o.oid = p.polrelid JOIN pg_namespace n ON n.oid = o.relnamespace
      WHERE ${OURS} ORDER BY o.relname COLLATE "C", polname COLLATE "C"`,
  ],
  [
    'Rights of the run-time role',
    `SELECT 'GRANT ' || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type COLLATE "C") || ' ON ' ||
            CASE o.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END || o.relname || ' TO ' || r.rolname || ';'
       FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace, aclexplode(o.relacl) g JOIN pg_roles r ON r.oid = g.grantee
      WHERE ${OURS} AND g.grantee <> o.relowner AND o.relkind IN ('r', 'p', 'S', 'v')
      GROUP BY o.relname, o.relkind, r.rolname ORDER BY o.relname COLLATE "C", r.rolname COLLATE "C"`,
  ],
  [
    'Rights of the run-time role on single columns',
    `SELECT 'GRANT ' || g.privilege_type || ' (' || string_agg(a.attname, ', ' ORDER BY a.attname COLLATE "C") || ') ON ' || o.relname || ' TO ' || r.rolname || ';'
       FROM pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace, aclexplode(a.attacl) g JOIN pg_roles r ON r.oid = g.grantee
      WHERE ${OURS} AND g.grantee <> o.relowner
      GROUP BY o.relname, r.rolname, g.privilege_type ORDER BY o.relname COLLATE "C", r.rolname COLLATE "C", g.privilege_type COLLATE "C"`,
  ],
];
