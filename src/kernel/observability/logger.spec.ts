import { Logger as WorkerLogger } from 'graphile-worker';
import { Secret } from '../crypto/secret.js';
import { ApplicationLog } from './application-log.js';
import { concealText } from './concealment.js';
import { DatabaseLog } from './database-log.js';
import { createLogger, type Logger } from './logger.js';
import { logRequestEnd } from './request-log.js';
import { workerLog } from './worker-log.js';
import type { LogLevel } from '../runtime/configuration.js';

const CANARY = 'canary7Qx2mB9sTzW4';
const TOKEN = `rv_usr_${CANARY}LongEnough_aB3dE9`;
const JWT = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI${CANARY}.${CANARY}`;

const SHORT = 12_000;
const TIMES = 8;

function millisecondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function listeningLog(level: LogLevel = 'trace', context?: () => Record<string, unknown>) {
  const written: string[] = [];
  const log = createLogger({ level, context, stream: { write: (line) => void written.push(line) } });
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, text: () => written.join('') };
}

describe('the log', () => {
  it('writes one JSON object per line with level, UTC time, message and the context of the request', () => {
    const { log, lines } = listeningLog('info', () => ({ requestId: 'req-1' }));

    log.info({ userCount: 3 }, 'hello');

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        requestId: 'req-1',
        userCount: 3,
        msg: 'hello',
      },
    ]);
  });

  const waysToLeak: [string, (log: Logger) => void][] = [
    ['a field named as a secret', (log) => log.info({ password: CANARY })],
    [
      'a header, deep inside',
      (log) => log.info({ a: { b: { headers: { Authorization: `Basic ${CANARY}` } } } }),
    ],
    ['a cookie in a list', (log) => log.info({ requests: [{ 'set-cookie': [CANARY] }] })],
    ['an object behind a secret name', (log) => log.info({ tokens: { first: CANARY } })],
    ['a key', (log) => log.info({ apiKey: CANARY, secretKey: CANARY, key: CANARY })],
    ['bindings of a child', (log) => log.child({ refreshToken: CANARY }).info('x')],
    ['a Secret', (log) => log.info({ harmless: new Secret(CANARY) })],
    ['an entity', (log) => log.info({ user: Object.assign(new (class User {})(), { hash: CANARY }) })],
    ['bytes', (log) => log.info({ material: Buffer.from(CANARY) })],
    ['a token in a message', (log) => log.info(`got ${TOKEN}`)],
    ['a token in an argument of a message', (log) => log.info('got %s', TOKEN)],
    ['a JWT in a message', (log) => log.info(`Authorization: Bearer ${JWT}`)],
    ['basic credentials quoted in a text', (log) => log.info({ sent: `authorization: Basic ${CANARY}==` })],
    ['a database URL in an error', (log) => log.error(new Error(`no route to postgres://me:${CANARY}@db/x`))],
    [
      'a URL that is broken by its password',
      (log) => log.error(new Error(`postgres://me:a/${CANARY}@b@db/x`)),
    ],
    [
      'a token in a stack',
      (log) => log.error({ err: Object.assign(new Error('x'), { stack: `at ${TOKEN}` }) }),
    ],
    ['a cause', (log) => log.error(new Error('x', { cause: new Error(`with ${JWT}`) }))],
    [
      'what drivers add to errors',
      (log) =>
        log.error(Object.assign(new Error('x'), { parameters: [CANARY], detail: `(email)=(${CANARY})` })),
    ],
    ['Nest', (log) => new ApplicationLog(log).error(`bad ${TOKEN}`, `Error\n    at ${JWT}`, 'Subject')],
    ['a query', (log) => new DatabaseLog(log).logQueryError(new Error(`near ${TOKEN}`), 'SELECT $1')],
    ['a job', (log) => workerLog(log).error('failed', { job: { payload: CANARY }, error: new Error(TOKEN) })],
  ];

  it.each(waysToLeak)('hides a secret that comes as %s', (_, leak) => {
    const { log, lines, text } = listeningLog();

    leak(log);

    expect(lines()).toHaveLength(1);
    expect(text()).not.toContain(CANARY);
  });

  it('shows the public prefix of a token, by which its owner finds it', () => {
    const { log, lines } = listeningLog();

    log.info(`refused ${TOKEN}`);

    expect(lines()[0].msg).toBe(`refused ${TOKEN.slice(0, 16)}…`);
  });

  it('keeps numbers and flags whose names sound secret', () => {
    const { log, lines } = listeningLog();

    log.info({ tokenCount: 3, hasPassword: true, keyId: 'k1' });

    expect(lines()[0]).toMatchObject({ tokenCount: 3, hasPassword: true, keyId: 'k1' });
  });

  it('describes errors with what helps to find the cause', () => {
    const { log, lines } = listeningLog();

    log.error({ err: Object.assign(new TypeError('broken'), { code: '23505', constraint: 'users_email' }) });

    expect(lines()[0]).toMatchObject({
      msg: 'broken',
      err: { type: 'TypeError', message: 'broken', code: '23505', constraint: 'users_email' },
    });
  });

  it('survives objects that contain themselves', () => {
    const { log, lines } = listeningLog();
    const loop: Record<string, unknown> = {};
    loop.self = loop;

    log.info({ loop });

    expect(lines()).toHaveLength(1);
  });

  it.each<[string, (size: number) => string]>([
    ['many beginnings of a JWT', (size) => 'eyJ'.repeat(size / 3)],
    ['many beginnings of a token', (size) => 'rv_usr_'.repeat(size / 7)],
    ['many schemes', (size) => 'postgres://a:'.repeat(size / 13)],
    ['one long word', (size) => `${'a'.repeat(size)}://`],
    ['many colons', (size) => `://${':'.repeat(size)}`],
  ])('conceals hostile text in linear time: %s', (_, textOf) => {
    const [short, long] = [textOf(SHORT), textOf(SHORT * TIMES)];
    // The fastest of several: whatever else the machine does only ever adds to it.
    const fastest = (text: string) =>
      Math.min(...Array.from({ length: 3 }, () => millisecondsOf(() => concealText(text))));
    fastest(short);

    // With the square of the size it would be TIMES² as long.
    expect(fastest(long)).toBeLessThan(fastest(short) * TIMES * 4);
  });
});

describe('what Nest logs', () => {
  const written = (write: (log: ApplicationLog) => void, level: LogLevel = 'info') => {
    const { log, lines } = listeningLog(level);
    write(new ApplicationLog(log));
    return lines();
  };

  it('has its subject as context', () => {
    expect(written((log) => log.log('Ready', 'Main'))).toMatchObject([{ context: 'Main', msg: 'Ready' }]);
  });

  it('may be fields, an error with a remark, or a text with a stack', () => {
    const fault = new Error('no');
    expect(written((log) => log.warn({ seconds: 3 }, 'Main'))).toMatchObject([
      { seconds: 3, context: 'Main' },
    ]);
    expect(written((log) => log.error(fault, 'while closing', 'Main'))).toMatchObject([
      { msg: 'no', context: 'Main', err: { message: 'no' } },
    ]);
    expect(written((log) => log.error('bad', 'Error: bad\n    at x', 'Main'))).toMatchObject([
      { msg: 'bad', context: 'Main', stack: 'Error: bad\n    at x' },
    ]);
  });

  it('is quiet about how the application is put together', () => {
    expect(written((log) => log.log('AppModule dependencies initialized', 'InstanceLoader'))).toEqual([]);
  });
});

describe('the end of a request', () => {
  const levelsOf = (status: number, durationMs: number, level: LogLevel = 'debug') => {
    const { log, lines } = listeningLog(level);
    logRequestEnd(log, 'GET', '/api/v1/users/:id', status, durationMs);
    return lines().map((line) => line.level);
  };

  it('is an error from status 500, a warning above a second, otherwise a debug line', () => {
    expect(levelsOf(503, 1)).toEqual(['error']);
    expect(levelsOf(200, 1001)).toEqual(['warn']);
    expect(levelsOf(404, 1000)).toEqual(['debug']);
    expect(levelsOf(200, 1, 'info')).toEqual([]);
  });
});

describe('what the job worker logs', () => {
  it('is quieter by one level', () => {
    const { log, lines } = listeningLog('info');
    const worker: WorkerLogger = workerLog(log);

    worker.info('Completed task 1');
    worker.warn('slow');

    expect(lines()).toMatchObject([{ level: 'warn', msg: 'slow', context: 'Jobs' }]);
  });
});
