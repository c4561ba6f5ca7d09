import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from '../support/http-client.js';
import { Fleet, type ServiceProcess } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted } from './people.js';
import { RestartablePostgres } from './restartable-postgres.js';

const CLIENTS = 16;
const DOWN_MS = 2_000;
/** Until a process that cannot reach PostgreSQL says so. */
const NOTICED_WITHIN_MS = 5_000;
/** Ready again this long after PostgreSQL accepts connections. */
const READY_WITHIN_MS = 10_000;
/** An answer while the database is away must not be waited for. */
const ANSWER_WITHIN_MS = 5_000;

interface Seen {
  readonly status: number;
  readonly contentType: string | null;
  readonly code: string | null;
  readonly milliseconds: number;
  /** The name that was to be created, for writes. */
  readonly name: string | null;
}

/** PostgreSQL goes away under load and comes back, while the processes stay. */
describe('When PostgreSQL is restarted under load', () => {
  let postgres: RestartablePostgres;
  let fleet: Fleet;
  let admin: HttpClient;
  let names = 0;

  beforeAll(async () => {
    postgres = await RestartablePostgres.create();
    fleet = await Fleet.start({ database: postgres });
    admin = await fleet.admin();
  });

  afterAll(async () => {
    await fleet?.stop();
    await postgres?.remove();
  });

  it.each([
    ['in order', () => postgres.stopFast()],
    ['by kill -9 of its first process', () => postgres.kill()],
  ])(
    '%s, clients see nothing but successes and 503, and the service is back by itself',
    async (_, takeDown) => {
      const pids = fleet.all.map(({ pid }) => pid);

      const seen = await underLoad(async () => {
        await sleep(500);
        await takeDown();
        await Promise.all(fleet.all.map(untilNotReady));
        expect((await fleet.http().get('//healthz')).status).toBe(200);
        await sleep(DOWN_MS);
        await postgres.start();
        await Promise.all(fleet.all.map((one) => one.ready(READY_WITHIN_MS)));
        await sleep(500);
      });

      expectOnlyGoodManners(seen);
      expect(seen.some(({ status }) => status === 503)).toBe(true);
      // The same processes as before, and nothing left of the trouble.
      expect((await admin.get('/users')).status).toBe(200);
      expect(fleet.all.map(({ pid }) => pid)).toEqual(pids);
      expect(fleet.all.flatMap((one) => one.crashes)).toEqual([]);
      await expectNothingLost(seen);
    },
  );

  it('and when all its connections are cut again and again, nobody gets a wrong answer', async () => {
    const inspector = await Inspector.of(postgres, postgres.superuserUrl);

    const seen = await underLoad(async () => {
      for (let time = 0; time < 10; time += 1) {
        await inspector.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reeve_app'`,
        );
        await sleep(200);
      }
    });

    await inspector.close();
    expectOnlyGoodManners(seen);
    expect(seen.some(({ status }) => status < 300)).toBe(true);
    expect(fleet.all.flatMap((one) => one.crashes)).toEqual([]);
    await expectNothingLost(seen);
    await Promise.all(fleet.all.map((one) => one.ready(READY_WITHIN_MS)));
  });

  async function untilNotReady(one: ServiceProcess): Promise<void> {
    for (const deadline = performance.now() + NOTICED_WITHIN_MS; await one.isReady(); await sleep(50)) {
      if (performance.now() > deadline) throw new Error('It goes on saying that it is ready.');
    }
  }

  function expectOnlyGoodManners(seen: readonly Seen[]): void {
    const statuses = Object.keys(counted(seen.map(({ status }) => status)));
    expect(['200', '201', '503']).toEqual(expect.arrayContaining(statuses));
    for (const { contentType, code } of seen.filter(({ status }) => status === 503)) {
      expect(contentType).toContain('application/problem+json');
      expect(code).toBe('database_unavailable');
    }
    expect(Math.max(...seen.map(({ milliseconds }) => milliseconds))).toBeLessThan(ANSWER_WITHIN_MS);
  }

  async function expectNothingLost(seen: readonly Seen[]): Promise<void> {
    const inspector = await Inspector.of(postgres, postgres.superuserUrl);
    const acknowledged = seen.flatMap(({ status, name }) => (status === 201 && name !== null ? [name] : []));
    const missing = await inspector.rows(
      'SELECT name FROM unnest($1::text[]) AS told (name) WHERE name NOT IN (SELECT name FROM service_principals)',
      [acknowledged],
    );
    const created = await inspector.count('service_principals');
    const recorded = await inspector.count(`audit_entries WHERE action = 'service.create'`);
    await inspector.close();
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
    expect(recorded).toBe(created);
  }

  /** What clients saw that read and wrote in turn, each as fast as it was answered, while something happened. */
  async function underLoad(happening: () => Promise<void>): Promise<Seen[]> {
    const seen: Seen[] = [];
    let going = true;
    const clients = Array.from({ length: CLIENTS }, async (_, index) => {
      const at = admin.at(fleet.http(index).baseUrl);
      for (let turn = index; going; turn += 1) seen.push(await ask(at, turn % 2 === 0));
    });
    try {
      await happening();
    } finally {
      going = false;
      await Promise.allSettled(clients);
    }
    await Promise.all(clients);
    return seen;
  }

  async function ask(at: HttpClient, isWrite: boolean): Promise<Seen> {
    const name = isWrite ? `service-${(names += 1)}` : null;
    const startedMs = performance.now();
    const answer = await (name === null ? at.get('/users') : at.post('/service-principals', { name }));
    const milliseconds = performance.now() - startedMs;
    // A polite client does not storm a service that asked it to wait.
    if (answer.status === 503) await sleep(50);
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type'),
      code: (answer.body as { code?: string } | null)?.code ?? null,
      milliseconds,
      name,
    };
  }
});
