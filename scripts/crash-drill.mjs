/**
 * Kills the service while it works and checks that nothing it acknowledged is lost, and that the audit log tells of
 * exactly what happened and is one sealed log without a gap or a fork. On a PostgreSQL and in directories of its own, which are thrown away afterwards.
 *
 *   node scripts/crash-drill.mjs                            25 kills during 10,000 acknowledged writes of 50 clients
 *   node scripts/crash-drill.mjs --kills 5 --writes 1000 --clients 25 --seed 7
 *   node scripts/crash-drill.mjs --kills 10 --writes 3000 --clients 50      25 writers for each of the two processes
 *
 * Every fifth kill takes both processes at once. Ends with 0 when nothing was found; prints one line of JSON at the end.
 */
import { randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { check } from './drill/checker.mjs';
import { Client } from './drill/client.mjs';
import { Journal } from './drill/journal.mjs';
import { Replica } from './drill/replica.mjs';
import { checkSealedLog } from './drill/sealed-log.mjs';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '25' },
    writes: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    dist: { type: 'string', default: 'dist' },
  },
});
const dist = resolve(import.meta.dirname, '..', options.dist);
const [kills, writes, clientCount, seed] = [options.kills, options.writes, options.clients, options.seed].map(
  Number,
);
const ADMIN = { email: 'ada@example.com', password: 'copper kettle sings at dawn' };
const BOTH_AT_ONCE_EVERY = 5;

const { startEmbeddedPostgres } = await import(join(dist, 'src/kernel/database/embedded/index.js'));
const directory = mkdtempSync(join(tmpdir(), 'reeve-drill-'));
// As root the database runs as another user, which has to pass through.
chmodSync(directory, 0o711);
const say = (line) => console.log(line);
const database = await startEmbeddedPostgres({
  dataDir: join(directory, 'database'),
  log: { info: () => undefined, warn: say, error: say },
});
const replicas = await prepareReplicas();
let found = ['The drill was interrupted.'];
try {
  found = await drill();
} finally {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await database.stop();
  if (found.length === 0) rmSync(directory, { recursive: true, force: true });
  else say(`Journal and files: ${directory}`);
}
process.exit(found.length === 0 ? 0 : 1);

async function drill() {
  const firstStart = Math.max(...(await Promise.all(replicas.map((replica) => replica.start()))));
  const random = mulberry(seed);
  const journal = new Journal(join(directory, 'journal.ndjson'));
  const setting = { replicas, journal, token: await signIn(), random };
  const clients = Array.from({ length: clientCount }, (_, index) => new Client(`c${index}`, setting));
  const work = Promise.all(clients.map((client) => client.run(writes)));
  const starts = await killAlong(journal, random);
  await work;

  const { findings, doneUnacknowledged } = await check(journal, query);
  const sealed = await connected((client) => {
    const anchors = replicas.map(({ directory: own }) => join(own, 'checkpoints'));
    return checkSealedLog({ dist, client, anchors, acknowledged: journal.acknowledged });
  });
  const crashes = replicas.flatMap((replica) => replica.crashes);
  const all = [...findings, ...sealed.findings, ...crashes];
  for (const finding of all.slice(0, 50)) say(`FOUND ${finding}`);
  const { operations, acknowledged, statuses } = journal;
  const inTenths = (seconds) => Math.round(10 * seconds) / 10;
  say(
    JSON.stringify({
      seed,
      kills,
      acknowledged,
      operations: operations.length,
      doneUnacknowledged,
      checkpoints: sealed.checkpoints,
      statuses,
      firstStart: inTenths(firstStart),
      longestStart: inTenths(Math.max(...starts)),
      findings: all.length,
    }),
  );
  return all;
}

/** Spread over the writes, each at a random moment; the next one only when everybody is back. */
async function killAlong(journal, random) {
  const starts = [0];
  for (let kill = 1; kill <= kills; kill += 1) {
    const dueAt = (writes * kill) / (kills + 1);
    while (journal.acknowledged < dueAt) await sleep(5);
    await sleep(random() * 50);
    const victims = kill % BOTH_AT_ONCE_EVERY === 0 ? replicas : [replicas[kill % replicas.length]];
    await Promise.all(victims.map((replica) => replica.kill()));
    starts.push(...(await Promise.all(victims.map((replica) => replica.start()))));
  }
  return starts;
}

async function prepareReplicas() {
  const ports = await freePorts(2);
  const environment = {
    NODE_ENV: 'test',
    DATABASE_URL: database.runtimeUrl,
    REEVE_MIGRATION_DATABASE_URL: database.ownerUrl,
    REEVE_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
    REEVE_SECRET_KEY: 'kEcYWfnkbBHVbKmsZ1ik3NaTDtoUwwbMxCQ8Z2PkzAs',
    REEVE_ADMIN_EMAIL: ADMIN.email,
    REEVE_ADMIN_PASSWORD: ADMIN.password,
    REEVE_RATE_ANONYMOUS: '10000000',
    REEVE_RATE_AUTH: '10000000',
    REEVE_RATE_PRINCIPAL: '10000000',
    // The drill may take longer than an access token usually lives.
    REEVE_ACCESS_TTL: '3600',
  };
  return ports.map((port, index) => {
    const own = join(directory, `replica-${index}`);
    mkdirSync(own);
    const anchored = { ...environment, REEVE_AUDIT_ANCHOR: join(own, 'checkpoints') };
    return new Replica(join(dist, 'src/main.js'), port, own, anchored);
  });
}

async function signIn() {
  const response = await fetch(`${replicas[0].url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: ADMIN.email, password: ADMIN.password }),
  });
  if (!response.ok) throw new Error(`The administrator was answered ${response.status}`);
  return (await response.json()).accessToken;
}

async function query(text) {
  return connected(async (client) => (await client.query(text)).rows);
}

async function connected(work) {
  const url = new URL(database.superuserUrl);
  url.pathname = new URL(database.runtimeUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function freePorts(count) {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => new Promise((listening) => probe.once('listening', listening))));
  return Promise.all(
    probes.map((probe) => {
      const { port } = probe.address();
      return new Promise((closed) => probe.close(() => closed(port)));
    }),
  );
}

/** Seeded random numbers in [0, 1): Mulberry32. */
function mulberry(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
