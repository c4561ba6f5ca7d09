/** Servers under test: child processes, so that their processor time is theirs alone. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

const SERVERS = join(import.meta.dirname, '..', 'server');

/** Flags for Node that `npm start` and the image give. */
const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
const AS_STARTED = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** One for all processes on a database, or they could not read what the others sealed. */
const SECRET_KEY = randomBytes(32).toString('base64url');

/** What differs from the defaults, and why. */
export const ENVIRONMENT = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  // Sign-ins that wait for sixty others are slow by intent; a line about each would be measured with them.
  REEVE_LOG_LEVEL: 'error',
  // A benchmark asks more often than anybody may. The counting itself stays on.
  REEVE_RATE_ANONYMOUS: '10000000',
  REEVE_RATE_AUTH: '10000000',
  REEVE_RATE_PRINCIPAL: '10000000',
  // So that no token ends while it is used, and no sign-in has to end an older one.
  REEVE_ACCESS_TTL: '3600',
  REEVE_SESSION_CAP: '1000',
};

/** The application with the bench routes in it, on that database. */
export async function startApplication(dist, database) {
  const port = await freePort();
  const child = await start('application.mjs', [dist], {
    ...ENVIRONMENT,
    PORT: String(port),
    DATABASE_URL: database.runtimeUrl,
    ...(database.ownerUrl === database.runtimeUrl ? {} : { REEVE_MIGRATION_DATABASE_URL: database.ownerUrl }),
    REEVE_DATA_DIR: join(database.directory, 'data'),
    REEVE_SECRET_KEY: SECRET_KEY,
  });
  const { setupToken } = child.ready;
  const url = `http://127.0.0.1:${port}/api/v1`;
  return { ...child, port, setupToken, call: (...args) => call(url, ...args), queries: () => queries(url) };
}

/** Nest and Fastify with one route and nothing else. */
export async function startBare() {
  const port = await freePort();
  return { ...(await start('bare.mjs', [String(port)], { NODE_ENV: 'production' })), port };
}

async function start(script, args, environment) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
  const child = fork(join(SERVERS, script), args, {
    env: { ...inherited, ...environment },
    execArgv: [...AS_STARTED, ...(process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean)],
    cwd: SERVERS,
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const ready = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    void exited.then((code) =>
      reject(new Error(`${script} stopped with exit code ${code} before it was ready.`)),
    );
  });
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { pid: child.pid, ready, stop };
}

/** The settings of whoever runs the benchmark must not reach the server. */
function isOurs(name) {
  return (
    name.startsWith('REEVE_') || ['DATABASE_URL', 'REDIS_URL', 'PORT', 'HOST', 'NODE_OPTIONS'].includes(name)
  );
}

/** @returns {Promise<any>} the body; throws for any answer that is not a success */
async function call(base, method, path, { token, body, headers = {} } = {}) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Queries sent so far, by the statement's name and by what they were sent for. */
async function queries(base) {
  const { issued, statements } = await call(base, 'GET', '/bench/queries');
  return { issued, statements, since: (before) => difference({ issued, statements }, before) };
}

function difference(now, before) {
  const statements = Object.entries(now.statements)
    .map(([name, count]) => [name, count - (before.statements[name] ?? 0)])
    .filter(([, count]) => count > 0);
  return { issued: now.issued - before.issued, statements: Object.fromEntries(statements) };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
