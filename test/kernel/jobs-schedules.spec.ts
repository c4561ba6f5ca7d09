import { Injectable } from '@nestjs/common';
import { Database, statement, Transactional } from '../../src/kernel/database/index.js';
import { ScheduleCatalogue, Scheduled, ScheduleRunner } from '../../src/kernel/jobs/index.js';
import { LEASE_SECONDS } from '../../src/kernel/jobs/schedule-lease.js';
import { LONGEST_PAUSE_MS } from '../../src/kernel/jobs/schedule-runner.js';
import { currentOperation } from '../../src/kernel/operation/index.js';
import { Child } from './child.js';
import { type Replica, Stage, startReplica, until } from './kernel-context.js';

const run = statement('test_schedule_run', 'INSERT INTO schedule_runs (pid) VALUES ($1)');

@Injectable()
class Regular {
  runs = 0;
  fails = false;
  wait: Promise<void> = Promise.resolve();
  operation: unknown;

  constructor(private readonly database: Database) {}

  @Scheduled({ name: 'test.regular', everySeconds: 3600, description: 'Does something.' })
  @Transactional()
  async work(): Promise<void> {
    const { kind, principal } = currentOperation();
    this.operation = { kind, principal: principal?.name };
    this.runs += 1;
    await this.wait;
    if (this.fails) throw new Error('went wrong');
    await this.database.write(run, [0]);
  }
}

@Injectable()
class Frequent {
  readonly startedAtMs: number[] = [];
  hangs = false;

  constructor(private readonly database: Database) {}

  @Scheduled({
    name: 'test.frequent',
    everySeconds: 1,
    longestSeconds: 1,
    description: 'Does something often.',
  })
  async work(): Promise<void> {
    this.startedAtMs.push(performance.now());
    if (!this.hangs) return;
    this.hangs = false;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await this.write();
  }

  @Transactional()
  async write(): Promise<void> {
    await this.database.write(run, [0]);
  }
}

async function openStage(): Promise<Stage> {
  const stage = await Stage.open();
  await stage.owner.query(`
    CREATE TABLE schedule_runs (pid integer, at timestamptz DEFAULT clock_timestamp());
    CREATE TABLE job_runs (pid integer, number integer);
    GRANT ALL ON schedule_runs, job_runs TO PUBLIC`);
  return stage;
}

describe('a schedule', () => {
  let stage: Stage;
  let first: Replica;
  let second: Replica;

  beforeEach(async () => {
    stage = await openStage();
    [first, second] = await Promise.all(
      [1, 2].map(() => startReplica(stage.database.runtimeUrl, { role: 'worker', providers: [Regular] })),
    );
  });
  afterEach(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await stage.close();
  });

  const runs = () => first.get(Regular).runs + second.get(Regular).runs;
  const state = async () =>
    (await first.get(ScheduleCatalogue).list()).find(({ name }) => name === 'test.regular')!;

  it('runs on one of two replicas, and what came of it is recorded', async () => {
    await until(async () => (await state()).state?.lastOutcome === 'success');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(runs()).toBe(1);
    const { description, everySeconds, state: recorded } = await state();
    expect({ description, everySeconds }).toEqual({ description: 'Does something.', everySeconds: 3600 });
    expect(recorded).toMatchObject({ leaseHolder: null, lastError: null });
    expect(recorded!.nextRunAt!.getTime() - recorded!.lastStartedAt!.getTime()).toBe(3_600_000);
    const ran = [first, second].map((replica) => replica.get(Regular)).find((regular) => regular.runs === 1)!;
    expect(ran.operation).toEqual({ kind: 'schedule', principal: 'test.regular' });
  });

  it('that fails tells what went wrong and has changed nothing', async () => {
    await until(async () => (await state()).state?.lastOutcome === 'success');
    first.get(Regular).fails = true;
    await expect(first.get(ScheduleRunner).runNow('test.regular')).rejects.toThrow('went wrong');
    expect((await state()).state).toMatchObject({ lastOutcome: 'failure', lastError: 'Error: went wrong' });
    expect(await stage.rows('SELECT 1 FROM schedule_runs')).toHaveLength(1);
  });

  it('is not run by a second one while it runs, and is waited for at the end', async () => {
    await until(async () => (await state()).state?.lastOutcome === 'success');
    await stage.rows('TRUNCATE schedule_runs');
    let go: () => void = () => undefined;
    first.get(Regular).wait = new Promise((resolve) => (go = resolve));
    const running = first.get(ScheduleRunner).runNow('test.regular');
    await until(async () => (await state()).state?.leaseHolder !== null);
    expect(await second.get(ScheduleRunner).runNow('test.regular')).toBe(false);
    setTimeout(go, 300);
    await first.get(ScheduleRunner).stop();
    expect(await running).toBe(true);
    expect(await stage.rows('SELECT 1 FROM schedule_runs')).toHaveLength(1);
  });

  it('cannot write any more when another process has taken it over', async () => {
    await until(async () => (await state()).state?.lastOutcome === 'success');
    await stage.rows('TRUNCATE schedule_runs');
    let go: () => void = () => undefined;
    const regular = first.get(Regular);
    const real = regular.work.bind(regular);
    const { schedules } = first.get(ScheduleCatalogue);
    (schedules as Map<string, unknown>).set('test.regular', {
      ...schedules.get('test.regular'),
      call: () => new Promise<void>((resolve) => (go = resolve)).then(real),
    });
    const stale = first.get(ScheduleRunner).runNow('test.regular');
    await until(async () => (await state()).state?.leaseHolder !== null);
    await stage.rows(
      `UPDATE schedules SET lease_until = now() - interval '1 second' WHERE name = 'test.regular'`,
    );
    expect(await second.get(ScheduleRunner).runNow('test.regular')).toBe(true);
    go();
    await expect(stale).rejects.toThrow('taken over');
    expect(await stage.rows('SELECT 1 FROM schedule_runs')).toHaveLength(1);
    expect((await state()).state?.lastOutcome).toBe('success');
  });
});

describe('a schedule that is due every second', () => {
  let stage: Stage;
  let replica: Replica;

  beforeEach(async () => {
    stage = await openStage();
    replica = await startReplica(stage.database.runtimeUrl, { role: 'worker', providers: [Frequent] });
  });
  afterEach(async () => {
    await replica.stop();
    await stage.close();
  });

  it('runs every second', async () => {
    const { startedAtMs } = replica.get(Frequent);
    await until(() => startedAtMs.length === 5);
    expect(startedAtMs[4] - startedAtMs[0]).toBeGreaterThan(3_950);
    expect(startedAtMs[4] - startedAtMs[0]).toBeLessThan(5_000);
  });

  it('runs again after a run that hung, which can change nothing any more', async () => {
    const frequent = replica.get(Frequent);
    frequent.hangs = true;
    await until(() => !frequent.hangs);
    const before = frequent.startedAtMs.length;
    const outcome = async () =>
      (await replica.get(ScheduleCatalogue).list()).find(({ name }) => name === 'test.frequent')!.state;
    await until(async () => (await outcome())?.lastOutcome === 'failure');
    expect((await outcome())?.lastError).toBe('Error: Given up after 1 seconds.');
    await until(() => frequent.startedAtMs.length > before);
    await until(async () => (await outcome())?.lastOutcome === 'success');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await stage.rows('SELECT 1 FROM schedule_runs')).toEqual([]);
  });
});

describe('a schedule on two processes', () => {
  it('is taken over within a minute when one is killed, and never runs twice at a time', async () => {
    const stage = await openStage();
    const children = [1, 2].map(() => new Child('replica.ts', stage.database.runtimeUrl));
    const count = async () =>
      Number((await stage.rows<{ n: string }>('SELECT count(*) n FROM schedule_runs'))[0].n);
    await until(async () => (await count()) >= 4, 20_000);
    const [{ pid }] = await stage.rows<{ pid: number }>(
      'SELECT pid FROM schedule_runs ORDER BY at DESC LIMIT 1',
    );
    const victim = children.find(({ lines }) => lines.includes(`ready ${pid}`))!;
    await until(
      async () =>
        (
          await stage.rows(
            `SELECT 1 FROM schedules WHERE name = 'test.every-second' AND lease_holder IS NOT NULL`,
          )
        ).length === 1,
    );
    await victim.signal('SIGKILL');
    // Half a minute at most until the lease is over, and a pause until somebody looks.
    expect(LEASE_SECONDS * 1_000 + LONGEST_PAUSE_MS).toBeLessThan(60_000);
    // A run that ended before the signal arrived has left no lease.
    const lease = `lease_until IS NULL OR lease_until - clock_timestamp() <= make_interval(secs => ${LEASE_SECONDS})`;
    const [{ ends }] = await stage.rows<{ ends: boolean }>(
      `SELECT ${lease} AS ends FROM schedules WHERE name = 'test.every-second'`,
    );
    expect(ends).toBe(true);
    const before = await count();
    // Instead of waiting for it.
    await stage.rows(
      `UPDATE schedules SET lease_until = now() - interval '1 second' WHERE name = 'test.every-second'`,
    );
    expect(await until(async () => (await count()) >= before + 4, 30_000)).toBeLessThan(
      LONGEST_PAUSE_MS + 5_000,
    );
    // Each run leaves two rows 200 ms apart with nobody else's between; only the killed run may have left one.
    const rows = await stage.rows<{ pid: number }>('SELECT pid FROM schedule_runs ORDER BY at');
    const stretches = rows.reduce<{ pid: number; length: number }[]>((all, { pid }) => {
      if (all.at(-1)?.pid === pid) all.at(-1)!.length += 1;
      else all.push({ pid, length: 1 });
      return all;
    }, []);
    expect(stretches.filter(({ length }) => length % 2 === 1).length).toBeLessThanOrEqual(2);
    await Promise.all(children.filter((child) => child !== victim).map((child) => child.signal('SIGTERM')));
    await stage.close();
  }, 60_000);

  it('lets a process that was asleep write nothing when it wakes', async () => {
    const stage = await openStage();
    const sleeper = new Child('replica.ts', stage.database.runtimeUrl);
    // Between the two rows of a run it has no transaction open, in which it would hold up the other one.
    await until(async () => (await stage.rows(`SELECT 1 FROM schedule_runs`)).length % 2 === 1, 20_000);
    await sleeper.signal('SIGSTOP');
    // It sleeps inside a run; half a minute later the lease is over.
    await stage.rows(`UPDATE schedules SET lease_until = now() - interval '1 second', next_run_at = NULL`);
    const other = new Child('replica.ts', stage.database.runtimeUrl);
    await until(async () => (await stage.rows(`SELECT 1 FROM schedule_runs`)).length >= 4, 30_000);
    await other.signal('SIGKILL');
    const pid = Number(sleeper.lines[0].split(' ')[1]);
    const asleep = await stage.rows('SELECT 1 FROM schedule_runs WHERE pid = $1', [pid]);
    await stage.rows(`UPDATE schedules SET lease_until = now() + interval '1 hour'`);
    await sleeper.signal('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await stage.rows('SELECT 1 FROM schedule_runs WHERE pid = $1', [pid])).toHaveLength(asleep.length);
    await sleeper.signal('SIGKILL');
    await stage.close();
  }, 60_000);
});
