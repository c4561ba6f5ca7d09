import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet, type ProcessEnd, type ServiceProcess } from '../support/processes.js';
import { Inspector } from './inspector.js';

const CLIENTS = 20;
const STOPS = 2;
const LONGEST_STOP_SECONDS = 25;

interface Outcome {
  readonly name: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  /** How the connection ended without one: the system's code, or `half an answer`. */
  readonly failure: string | null;
}

/** A door that is closed: to new connections, or between two requests of a kept one (RFC 9112 §9.3.1). */
const CLOSED_DOOR = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** SIGTERM, as each rolling restart sends it, while clients write. */
describe('SIGTERM under load', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let token: string;
  let names = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database });
    inspector = await Inspector.of(database);
    token = await fleet.adminToken();
  });

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it(`finishes what was begun, loses nothing and ends with 0, ${STOPS} times`, async () => {
    const [, leaving] = fleet.all;
    for (let stop = 0; stop < STOPS; stop += 1) {
      const outcomes: Outcome[] = [];
      let ended: ProcessEnd | null = null;
      const clients = Array.from({ length: CLIENTS }, async () => {
        const agent = new Agent({ keepAlive: true });
        while (ended === null) outcomes.push(await createService(leaving, agent));
        agent.destroy();
      });
      // Each client is in the middle of another one by then.
      while (outcomes.length <= CLIENTS) await sleep(5);
      const end = await leaving.terminate();
      ended = end;
      await Promise.all(clients);

      expect(end).toMatchObject({ code: 0, signal: null });
      expect(end.seconds).toBeLessThanOrEqual(LONGEST_STOP_SECONDS);
      const answered = outcomes.filter(({ status }) => status !== null);
      const unanswered = outcomes.filter(({ status }) => status === null);
      // What the balancer sees from a process that leaves: answers, a polite 503, or a closed door; never half an answer.
      expect(answered.filter(({ status }) => status !== 201 && status !== 503)).toEqual([]);
      expect(unanswered.filter(({ failure }) => !CLOSED_DOOR.includes(failure ?? ''))).toEqual([]);
      await expectAllThere(answered);
      // Which was closed in time: nothing was done behind it.
      await expectNoneThere(unanswered);
      expect(leaving.crashes).toEqual([]);
      await leaving.start();
    }
  });

  it('is noticed by a balancer before the door is closed', async () => {
    const [, leaving] = fleet.all;
    const ending = leaving.terminate();
    const answers = new Set<number | string>();
    let over = false;
    void ending.then(() => (over = true));
    while (!over) {
      answers.add(
        await fetch(`${leaving.url}/readyz`).then(
          ({ status }) => status,
          () => 'closed',
        ),
      );
      await sleep(5);
    }

    expect((await ending).code).toBe(0);
    answers.delete(200);
    answers.delete('closed');
    expect([...answers]).toEqual(answers.size === 0 ? [] : [503]);
  });

  it('is not held up by a connection on which nothing has come', async () => {
    const [, leaving] = fleet.all;
    if (!leaving.isRunning) await leaving.start();
    const silent = connect(leaving.port, '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');

    const { code, seconds } = await leaving.terminate();

    expect(code).toBe(0);
    // The drain phase alone would wait for 20.
    expect(seconds).toBeLessThan(15);
    silent.destroy();
  });

  async function expectAllThere(outcomes: readonly Outcome[]): Promise<void> {
    const acknowledged = outcomes.filter(({ status }) => status === 201).map(({ name }) => name);
    expect(acknowledged.length).toBeGreaterThan(CLIENTS);
    const missing = await inspector.rows(
      'SELECT name FROM unnest($1::text[]) AS told (name) WHERE name NOT IN (SELECT name FROM service_principals)',
      [acknowledged],
    );
    expect(missing).toEqual([]);
    const recorded = await inspector.count(`audit_entries WHERE action = 'service.create'`);
    expect(recorded).toBe(await inspector.count('service_principals'));
  }

  async function expectNoneThere(outcomes: readonly Outcome[]): Promise<void> {
    const names = outcomes.map(({ name }) => name);
    expect(
      await inspector.rows('SELECT name FROM service_principals WHERE name = ANY ($1)', [names]),
    ).toEqual([]);
  }

  /** On a connection that is kept, as a balancer keeps it. */
  function createService(at: ServiceProcess, agent: Agent): Promise<Outcome> {
    const name = `service-${(names += 1)}`;
    const body = JSON.stringify({ name });
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    };
    return new Promise((resolve) => {
      const asking = request(
        `${at.url}/api/v1/service-principals`,
        { method: 'POST', agent, headers },
        (answer) => {
          const status = answer.statusCode ?? null;
          answer.resume().once('end', () => resolve({ name, status, failure: null }));
          answer.once('error', () => resolve({ name, status: null, failure: 'half an answer' }));
        },
      );
      asking.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) =>
        resolve({ name, status: null, failure: code }),
      );
      asking.end(body);
    });
  }
});
