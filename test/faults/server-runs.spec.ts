import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { AnyBody } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase, testServer, withDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted, expecting, inParallel, invited, type Person } from './people.js';

/** More of them by `RUN_ROUNDS=1000 npx jest test/faults/server-runs.spec.ts`. */
const ROUNDS = Number(process.env.RUN_ROUNDS ?? 24);

/** Two real executors on one database, killed between each two steps of a run. */
describe('A command of the server', () => {
  let root: string;
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let grace: Person;

  const file = (name: string) => join(root, name);
  const linesOf = (name: string) =>
    existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'reeve-runs-'));
    script('append.sh', 'echo "$1" >> appended');
    script('long.sh', 'echo start >> "$1"; sleep 300');
    script('short.sh', 'echo start >> "$1"; until [ -e "$1-go" ]; do sleep 0.05; done; echo end >> "$1"');
    writeFileSync(file('large'), '#!/bin/sh\necho start >> large-ran\n');
    chmodSync(file('large'), 0o755);
    // To digest it takes many seconds, which are spent between the claim and the start.
    truncateSync(file('large'), 200 * 1024 ** 3);
    database = await createTestDatabase();
    fleet = await Fleet.start({
      database,
      environment: {
        REEVE_SERVER_TERMINAL: 'true',
        REEVE_TERMINAL_ROOT: root,
        REEVE_TERMINAL_ALLOW_ROOT: 'true',
      },
    });
    inspector = await Inspector.of(database);
    const admin = await fleet.admin();
    grace = await invited(fleet, admin, 'grace');
    const flags = { isTerminalAuthorized: true, isServerTerminalAuthorized: true };
    await expecting(200, admin.patch(`/users/${grace.id}`, flags, { headers: { 'if-match': '*' } }));
    for (const pattern of ['./append.sh', './long.sh', './short.sh'])
      await expecting(201, grace.http.post('/terminal/whitelist', { pattern }));
    const pins = [{ path: file('large'), sha256: '0'.repeat(64) }];
    await expecting(201, grace.http.post('/terminal/whitelist', { pattern: 'large', pins }));
  }, 120_000);

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
    rmSync(root, { recursive: true, force: true });
  });

  it(`runs once, whoever wants to run it: ${ROUNDS} of them, two executors`, async () => {
    const commands = await inParallel(ROUNDS, (index) => asked(['./append.sh', String(index)], index));
    for (const { id } of commands) await inState(id as string, 'succeeded', 60_000);

    expect(counted(linesOf('appended'))).toEqual(counted(commands.map((_, index) => String(index))));
    const executors = await inspector.count(
      `(SELECT DISTINCT executor_id FROM command_requests WHERE status = 'succeeded') AS executors`,
    );
    expect(executors).toBe(2);
  }, 120_000);

  describe('whose process is killed', () => {
    let taken: string;
    let begun: string;
    let ended: string;

    /** One kill for three commands, of which each has come to another step; then both executors are there again. */
    beforeAll(async () => {
      const [executor, other] = fleet.all;
      await other.kill();
      taken = (await asked(['large'])).id as string;
      await inState(taken, 'running');
      begun = (await asked(['./long.sh', 'long'])).id as string;
      await until(() => linesOf('long').length === 1);
      ended = (await asked(['./short.sh', 'short'])).id as string;
      await until(() => linesOf('short').length === 1);
      const holder = await holderOf(ended);
      writeFileSync(file('short-go'), '');
      // It waits for the row, to write into it how the command has ended.
      await until(
        async () =>
          (await inspector.count(
            `pg_stat_activity WHERE query LIKE '%finished_at = clock_timestamp()%' AND wait_event_type = 'Lock'`,
          )) > 0,
      );
      await executor.kill();
      await holder.end();
      await Promise.all([executor.start(), other.start()]);
      // As 30 seconds would.
      await inspector.rows(
        `UPDATE command_requests SET lease_until = lease_until - interval '30 seconds' WHERE id = ANY ($1)`,
        [[taken, begun, ended]],
      );
      for (const id of [taken, begun, ended]) await inState(id, 'unknown', 40_000);
      // Both executors have looked for work since.
      await sleep(2_500);
    }, 180_000);

    it('after it was taken and before it was started, ends as unknown, and is not run again', async () => {
      await expectUnknown(taken);
      expect(existsSync(file('large-ran'))).toBe(false);
    });

    it('after it was started, ends as unknown, and nothing of it is left', async () => {
      await expectUnknown(begun);
      expect(linesOf('long')).toEqual(['start']);
      await until(() => runningWith(begun).length === 0);
    });

    it('after it ended and before that could be said, ends as unknown', async () => {
      await expectUnknown(ended);
      expect(linesOf('short')).toEqual(['start', 'end']);
    });
  });

  /** Keeps the row of the command to itself until it ends. */
  async function holderOf(id: string): Promise<pg.Client> {
    const name = new URL(database.runtimeUrl).pathname.slice(1);
    const holder = new pg.Client({ connectionString: withDatabase(testServer().superuserUrl, name) });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM command_requests WHERE id = $1 FOR NO KEY UPDATE', [id]);
    return holder;
  }

  async function expectUnknown(id: string): Promise<void> {
    expect(await stateOf(id)).toBe('unknown');
    const actions = await inspector.rows<{ action: string }>(
      `SELECT action FROM audit_entries WHERE resource_id = $1 ORDER BY id`,
      [id],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      'command.request',
      'command.start',
      'command.finish',
    ]);
  }

  function asked(argv: string[], turn = 0): Promise<AnyBody> {
    const http = grace.http.at(fleet.all[turn % 2].url);
    return expecting(201, http.post('/terminal/commands', { argv, mode: 'server', sessionId: 'drill' }));
  }

  const stateOf = (id: string) =>
    inspector.value<string>('SELECT status FROM command_requests WHERE id = $1', [id]);

  const inState = (id: string, state: string, withinMs?: number) =>
    until(async () => (await stateOf(id)) === state, withinMs);

  async function until(isThere: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
    for (const deadline = performance.now() + withinMs; !(await isThere()); await sleep(20))
      if (performance.now() > deadline) throw new Error('It did not come about.');
  }

  function script(name: string, body: string): void {
    writeFileSync(file(name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
});

/** Processes that carry the mark of the command. */
function runningWith(id: string): string[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`COMMAND_REQUEST_ID=${id}`);
    } catch {
      return false;
    }
  });
}

function processIds(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}
