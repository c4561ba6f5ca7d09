/**
 * A large audit log: how fast it is sealed, how fast it is verified, and what a proof costs in it. Entries are made with
 * the service's own statements, so their hashes are true.
 *
 *   node bench/audit-log.mjs                                  1,000,000 entries, thrown away afterwards
 *   node bench/audit-log.mjs --entries 100000
 *   node bench/audit-log.mjs --directory /var/tmp/log         keeps the log there, and uses it again when it is there
 *   node bench/audit-log.mjs --directory /var/tmp/log --only build|measure
 *
 * Ends with 1 when verification took more than 30 seconds per million entries, or found something.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values: options } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    directory: { type: 'string' },
    only: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
  },
});
const wanted = Number(options.entries);
const dist = resolve(import.meta.dirname, '..', options.dist);
const load = (path) => import(join(dist, 'src', path));
const ROWS_AT_ONCE = 2_000;
const PROOFS = 200;
const LONGEST_MS_PER_ENTRY = 30_000 / 1_000_000;
const TENANT = '00000000-0000-7000-8000-000000000001';

await import('reflect-metadata');
const { startEmbeddedPostgres } = await load('kernel/database/embedded/index.js');
const { migrateDatabase } = await load('kernel/database/index.js');
const { entriesValues, insertEntries } = await load('kernel/events/entry-statements.js');
const { leafHashOf, personalDigestOf } = await load('kernel/events/index.js');
const { EntryPlaces, OutsideCheckpoints, ProofsService, Sealer, verifyDatabase } =
  await load('modules/audit/index.js');
const { withApplication } = await load('cli/application.js');

const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'reeve-bench-'));
mkdirSync(directory, { recursive: true });
// As root the database runs as another user, which has to pass through.
chmodSync(directory, 0o711);
const dataDir = join(directory, 'database');
const say = (line) => console.error(line);
const database = await startEmbeddedPostgres({
  dataDir,
  log: { info: () => undefined, warn: say, error: say },
  // What is measured is reading and hashing; building need not survive a power cut.
  settings: { synchronous_commit: 'off', max_wal_size: '8GB' },
});
try {
  process.exitCode = await run();
} finally {
  await database.stop();
  if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
}
process.exit();

async function run() {
  await migrateDatabase({ ownerUrl: database.ownerUrl, runtimeUrl: database.runtimeUrl });
  Object.assign(process.env, {
    DATABASE_URL: database.runtimeUrl,
    REEVE_DATA_DIR: directory,
    REEVE_LOG_LEVEL: 'warn',
  });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const result = {};
  try {
    if (options.only !== 'measure') {
      await build(client, result);
      await withApplication((app) => seal(app.get(Sealer), result));
      await client.query(
        'VACUUM ANALYZE audit_entries, audit_leaves, audit_personal, audit_tiles, audit_checkpoints',
      );
    }
    if (options.only === 'build') return 0;
    await withApplication((app) => prove(app, result));
    return await verify(client, result);
  } finally {
    console.log(JSON.stringify(result));
    await client.end();
  }
}

async function build(client, result) {
  const { rows } = await client.query('SELECT count(*)::int AS count FROM audit_entries');
  const startedMs = performance.now();
  for (let made = rows[0].count; made < wanted; made += ROWS_AT_ONCE) {
    const batch = Array.from({ length: Math.min(ROWS_AT_ONCE, wanted - made) }, (_, index) =>
      entryAt(made + index),
    );
    await client.query({ ...insertEntries, values: entriesValues(batch) });
  }
  report(result, 'build', wanted - rows[0].count, startedMs);
}

/** As the service writes them: a login now and then, changes of users, commands with longer details. */
function entryAt(number) {
  const time = Date.parse('2026-01-01T00:00:00.000Z') + number * 20;
  const id = uuid7(time);
  const user = `01936f5e-7b5c-7c3a-9d61-${String(number % 5_000).padStart(12, '0')}`;
  const personal = {
    actorName: `user-${number % 5_000}`,
    clientIp: '192.0.2.7',
    userAgent: 'curl/8.5.0',
    detail: null,
  };
  const salt = randomBytes(16);
  const action = ['user.login', 'user.update', 'terminal_command.run', 'api_key.create'][number % 4];
  const entry = {
    id,
    tenantId: TENANT,
    occurredAt: new Date(time).toISOString(),
    actorKind: 'user',
    actorId: user,
    actorRole: 'member',
    onBehalfOf: [],
    delegationPath: [],
    action,
    resourceType: action.split('.')[0],
    resourceId: uuid7(time),
    departmentId: null,
    gatewayId: null,
    gatewayName: null,
    outcome: number % 50 === 0 ? 'denied' : 'success',
    requestId: uuid7(time),
    approvalId: null,
    commandId: null,
    eventCode: null,
    detail: JSON.stringify({ number, text: 'x'.repeat(number % 200) }),
    personalDigest: personalDigestOf(personal, salt),
  };
  return { entry, leafHash: leafHashOf(entry), salt, personal };
}

function uuid7(time) {
  const hex = time.toString(16).padStart(12, '0');
  const rest = randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

async function seal(sealer, result) {
  const startedMs = performance.now();
  report(result, 'seal', await sealer.sealAll(), startedMs);
}

async function prove(app, result) {
  const proofs = app.get(ProofsService);
  const durations = [];
  for (let index = 0; index < PROOFS; index += 1) {
    const seq = createHash('sha256').update(String(index)).digest().readUInt32BE(0) % wanted;
    const startedMs = performance.now();
    const id = await app.get(EntryPlaces).entryAt(TENANT, seq);
    await proofs.inclusion({ tenantId: TENANT }, id, undefined);
    durations.push(performance.now() - startedMs);
  }
  durations.sort((a, b) => a - b);
  result.proofMs = {
    p50: durations[PROOFS / 2].toFixed(1),
    p99: durations[Math.floor(PROOFS * 0.99)].toFixed(1),
  };
}

async function verify(client, result) {
  const startedMs = performance.now();
  const evidence = { trustedKeys: null, checkpoints: OutsideCheckpoints.none };
  const { exitCode, logs, findings } = await verifyDatabase(client, evidence);
  const ms = performance.now() - startedMs;
  report(result, 'verify', logs[0].entries, startedMs);
  for (const finding of findings.slice(0, 10)) console.error(JSON.stringify(finding));
  return exitCode === 0 && ms <= LONGEST_MS_PER_ENTRY * logs[0].entries ? 0 : 1;
}

function report(result, what, rows, startedMs) {
  const seconds = (performance.now() - startedMs) / 1000;
  result[what] = { rows, seconds: Number(seconds.toFixed(1)), rowsPerSecond: Math.round(rows / seconds) };
  say(`${what}: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s`);
}
