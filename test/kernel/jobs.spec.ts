import { Injectable } from '@nestjs/common';
import { Database, statement, Transactional } from '../../src/kernel/database/index.js';
import { Job, JobHopeless, Jobs, ScheduleRunner } from '../../src/kernel/jobs/index.js';
import { JobPool } from '../../src/kernel/jobs/job-pool.js';
import { TURN_LOCK } from '../../src/kernel/jobs/job-relay.js';
import { JobRunner } from '../../src/kernel/jobs/job-runner.js';
import { currentOperation } from '../../src/kernel/operation/index.js';
import { Child } from './child.js';
import { type Replica, Stage, startReplica, until } from './kernel-context.js';

const note = statement('test_note', 'INSERT INTO notes (text) VALUES ($1)');

@Injectable()
class Work {
  seen: unknown[] = [];
  tries = 0;
  block: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  @Job('test.note')
  async note(payload: { text: string }): Promise<void> {
    const { kind, principal, transaction } = currentOperation();
    this.seen.push({ kind, principal: principal?.kind, name: principal?.name, transaction });
    await this.write(payload.text);
  }

  @Job('test.failing', { maxAttempts: 1 })
  async failing(): Promise<void> {
    this.tries += 1;
    throw new Error('always');
  }

  @Job('test.hopeless', { maxAttempts: 20 })
  async hopeless(): Promise<void> {
    throw new JobHopeless('never');
  }

  @Job('test.slow')
  async slow({ text }: { text: string }): Promise<void> {
    await this.block;
    await this.write(text);
  }

  @Transactional()
  async write(text: string): Promise<void> {
    await this.database.write(note, [text]);
  }
}

describe('a job', () => {
  let stage: Stage;
  let api: Replica;
  let worker: Replica;
  let work: Work;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.owner.query('CREATE TABLE notes (text text NOT NULL)');
    await stage.owner.query('GRANT ALL ON notes TO PUBLIC');
    api = await startReplica(stage.database.runtimeUrl, { role: 'api', providers: [Work] });
    worker = await startReplica(stage.database.runtimeUrl, { role: 'worker', providers: [Work] });
    work = worker.get(Work);
  });
  beforeEach(() => stage.owner.query('TRUNCATE notes'));
  afterAll(async () => {
    await api.stop();
    await worker.stop();
    await stage.close();
  });

  const notes = async () =>
    (await stage.rows<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(({ text }) => text);
  const enqueue = (
    name: string,
    payload: { text: string },
    more: { key?: string; runAt?: Date } = {},
    on = api,
  ) => on.inTransaction(() => on.get(Jobs).enqueue({ name, payload, ...more }));
  const failedForGood = (name: string) =>
    stage.rows<{ last_error: string }>(
      `SELECT j.last_error FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
        WHERE t.identifier = $1 AND j.attempts >= j.max_attempts AND j.locked_at IS NULL`,
      [name],
    );

  it('of a committed transaction runs on a worker, as the system, in an operation of its own', async () => {
    await enqueue('test.note', { text: 'hello' });
    await until(async () => (await notes()).length === 1);
    expect(work.seen).toEqual([{ kind: 'job', principal: 'system', name: 'test.note', transaction: null }]);
    expect(api.get(Work).seen).toEqual([]);
  });

  it('of a transaction that was rolled back never runs', async () => {
    const undone = api.inTransaction(async () => {
      await api.get(Jobs).enqueue({ name: 'test.note', payload: { text: 'no' } });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await stage.rows('SELECT 1 FROM job_outbox')).toEqual([]);
  });

  it('cannot be enqueued without a transaction or without a handler', async () => {
    await expect(
      api.inTransaction(() => api.get(Jobs).enqueue({ name: 'test.nothing', payload: {} })),
    ).rejects.toThrow('No handler');
    await expect(api.get(Jobs).enqueue({ name: 'test.note', payload: {} })).rejects.toThrow(
      'needs a transaction',
    );
  });

  it('begins within a fifth of a second when the enqueuing process works itself', async () => {
    await enqueue('test.note', { text: 'quick' }, {}, worker);
    expect(await until(async () => (await notes()).length === 1)).toBeLessThan(400);
  });

  it('replaces one with the same key that has not begun, also within one batch', async () => {
    const runAt = new Date(Date.now() + 1500);
    await api.inTransaction(async () => {
      for (const text of ['1', '2', '3'])
        await api.get(Jobs).enqueue({ name: 'test.note', payload: { text }, key: 'k', runAt });
    });
    await until(async () => (await notes()).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await notes()).toEqual(['3']);
  });

  it('that keeps failing is left as failed and holds up nothing', async () => {
    await enqueue('test.failing', { text: '' });
    await enqueue('test.hopeless', { text: '' });
    await stage.rows(
      `INSERT INTO job_outbox (id, name, payload, run_at) VALUES (gen_random_uuid(), 'test.unheard-of', '{}', now())`,
    );
    await enqueue('test.note', { text: 'after' });
    await until(async () => (await notes()).length === 1);
    await until(async () => (await failedForGood('test.failing')).length === 1);
    expect(work.tries).toBe(1);
    await until(async () => (await failedForGood('test.hopeless')).length === 1);
    expect((await failedForGood('test.hopeless'))[0].last_error).toContain('never');
  });

  it('that nothing handles is left as failed after an hour', async () => {
    await stage.rows(
      `SELECT graphile_worker.add_job('test.unheard-of', run_at => now() - interval '50 minutes')`,
    );
    await stage.rows(
      `SELECT graphile_worker.add_job('test.unheard-of-long', run_at => now() - interval '61 minutes')`,
    );
    await worker.get(ScheduleRunner).runNow('jobs.fail-unhandled');
    expect(await failedForGood('test.unheard-of')).toEqual([]);
    expect(await failedForGood('test.unheard-of-long')).toEqual([{ last_error: 'No handler for this job' }]);
  });

  it('is counted by its state, with the time that the oldest has waited', async () => {
    await stage.rows(`DELETE FROM graphile_worker._private_jobs`);
    await enqueue('test.note', { text: 'later' }, { runAt: new Date(Date.now() + 3_600_000) });
    const none = { ready: 0, delayed: 0, running: 0, failed: 0 };
    const use = (byState: object) => ({ byState: { ...none, ...byState }, longestWaitSeconds: 0 });
    expect(await api.get(Jobs).queueUse()).toEqual(use({ delayed: 1 }));
    await enqueue('test.failing', { text: '' });
    await until(async () => (await failedForGood('test.failing')).length === 1);
    expect(await api.get(Jobs).queueUse()).toEqual(use({ delayed: 1, failed: 1 }));
    for (const minutes of [7, 50])
      await stage.rows(
        `SELECT graphile_worker.add_job('test.unheard-of', run_at => now() - make_interval(mins => ${minutes}))`,
      );
    const { byState, longestWaitSeconds } = await api.get(Jobs).queueUse();
    expect(byState).toEqual({ ...none, delayed: 1, failed: 1, ready: 2 });
    expect(longestWaitSeconds).toBeGreaterThan(50 * 60 - 1);
    expect(longestWaitSeconds).toBeLessThan(51 * 60);
    await stage.rows(`DELETE FROM job_outbox`);
    await stage.rows(`DELETE FROM graphile_worker._private_jobs`);
    expect(await api.get(Jobs).queueUse()).toEqual(use({}));
  });

  it('waits in the outbox while another process moves jobs into the queue', async () => {
    const other = await stage.owner.connect();
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${TURN_LOCK})`);
    await enqueue('test.note', { text: 'in turn' }, {}, worker);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await notes()).toEqual([]);
    await other.query('COMMIT');
    other.release();
    expect(await until(async () => (await notes()).length === 1)).toBeLessThan(500);
  });

  it('is worked on by nobody when the end came while the runner was being started', async () => {
    const late = await startReplica(stage.database.runtimeUrl, { role: 'api', providers: [Work] });
    const runner = late.get(JobRunner);
    const starting = runner.start();
    await runner.stop();
    await starting;
    await late.get(JobPool).close();
    await enqueue('test.note', { text: 'for the other one' });
    await until(async () => (await notes()).length === 1);
    expect(late.get(Work).seen).toEqual([]);
    await late.stop();
  });

  it('that was given to another worker meanwhile writes nothing more', async () => {
    let go: () => void = () => undefined;
    work.block = new Promise((resolve) => (go = resolve));
    await enqueue('test.slow', { text: 'stale' });
    await until(
      async () =>
        (await stage.rows('SELECT 1 FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL'))
          .length === 1,
    );
    await stage.rows(`UPDATE graphile_worker._private_jobs SET locked_by = 'somebody else'`);
    go();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await notes()).toEqual([]);
    expect(await stage.rows('SELECT 1 FROM graphile_worker._private_jobs')).toHaveLength(1);
    await stage.rows(`DELETE FROM graphile_worker._private_jobs`);
  });
});

describe('workers that are killed', () => {
  it('lose no job', async () => {
    const stage = await Stage.open();
    await stage.owner.query(
      'CREATE TABLE job_runs (pid integer, number integer); CREATE TABLE schedule_runs (pid integer, at timestamptz DEFAULT clock_timestamp())',
    );
    await stage.owner.query('GRANT ALL ON job_runs, schedule_runs TO PUBLIC');
    await stage.rows(
      `INSERT INTO job_outbox (id, name, payload, run_at)
       SELECT gen_random_uuid(), 'test.work', json_build_object('number', n), now() FROM generate_series(1, 200) n`,
    );
    const done = async () =>
      Number((await stage.rows<{ n: string }>('SELECT count(DISTINCT number) n FROM job_runs'))[0].n);
    for (let round = 0; round < 3; round++) {
      const victim = new Child('replica.ts', stage.database.runtimeUrl);
      const goal = (await done()) + 20;
      await until(async () => (await done()) >= goal);
      await victim.signal('SIGKILL');
    }
    const left = await stage.rows('SELECT 1 FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL');
    expect(left.length).toBeGreaterThan(0);
    // Instead of waiting half a minute for the dead to count as silent.
    await stage.rows(`UPDATE job_workers SET heartbeat_at = now() - interval '1 minute'`);
    await stage.rows(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 minute' WHERE locked_by IS NOT NULL`,
    );
    await stage.rows(`UPDATE schedules SET next_run_at = NULL, lease_until = NULL`);
    const survivor = new Child('replica.ts', stage.database.runtimeUrl);
    await until(async () => (await done()) === 200, 20_000);
    await survivor.signal('SIGTERM');
    expect(survivor.exitCode).toBe(0);
    expect(
      await stage.rows('SELECT 1 FROM job_workers WHERE heartbeat_at > now() - interval $$1 minute$$'),
    ).toEqual([]);
    await stage.close();
  }, 60_000);
});
