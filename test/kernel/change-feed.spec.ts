import pg from 'pg';
import { ChangeFeed, DatabaseClock, DatabasePool, TaggedCache } from '../../src/kernel/database/index.js';
import { Clock } from '../../src/kernel/runtime/index.js';
import { inOperation, type Replica, Stage, startReplica, until } from './kernel-context.js';

/** A table that everybody remembers: what the loader reads is what was committed. */
class Subject {
  readonly cache: TaggedCache<string, string>;
  readonly feed: ChangeFeed;
  loads = 0;

  constructor(
    readonly replica: Replica,
    private readonly stage: Stage,
  ) {
    this.feed = replica.get(ChangeFeed);
    this.cache = new TaggedCache(this.feed, { max: 100, tagsOf: (_, id) => [`user:${id}`] });
  }

  read(id: string): Promise<string> {
    return this.cache.get(id, async () => {
      this.loads += 1;
      return (await this.stage.rows<{ state: string }>('SELECT state FROM subjects WHERE id = $1', [id]))[0]
        .state;
    });
  }

  async change(id: string, state: string): Promise<void> {
    await this.stage.rows('UPDATE subjects SET state = $2 WHERE id = $1', [id, state]);
    await this.replica.inTransaction(() => this.feed.announce('user', id));
  }
}

describe('what processes remember', () => {
  let stage: Stage;
  let a: Subject;
  let b: Subject;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.owner.query('CREATE TABLE subjects (id text PRIMARY KEY, state text NOT NULL)');
    await stage.owner.query('GRANT ALL ON subjects TO PUBLIC');
  });
  beforeEach(async () => {
    await stage.owner.query(`TRUNCATE subjects; INSERT INTO subjects VALUES ('x', 'old'), ('y', 'old')`);
    a = new Subject(await startReplica(stage.database.runtimeUrl), stage);
    b = new Subject(await startReplica(stage.database.runtimeUrl), stage);
    await until(() => b.feed.isListening && a.feed.isListening);
  });
  afterEach(async () => {
    await Promise.all([a.replica.stop(), b.replica.stop()]);
  });
  afterAll(() => stage.close());

  // A connection that is only just being made may not be cut; the next one is.
  const cut = (application: string) =>
    stage
      .rows(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
        [application],
      )
      .catch(() => undefined);

  it('is remembered without asking again', async () => {
    expect(await b.read('x')).toBe('old');
    expect(b.cache.peek('x')).toBe('old');
    expect(await b.read('x')).toBe('old');
    expect(b.loads).toBe(1);
  });

  it('is forgotten everywhere at once when it changes, and only that', async () => {
    await Promise.all([b.read('x'), b.read('y'), a.read('x')]);
    await a.change('x', 'new');
    expect(a.cache.peek('x')).toBeUndefined();
    expect(await until(() => b.cache.peek('x') === undefined)).toBeLessThan(300);
    expect(b.cache.peek('y')).toBe('old');
    expect(await b.read('x')).toBe('new');
  });

  it('is forgotten within a second while the listening connection is cut again and again', async () => {
    const cutting = setInterval(() => void cut('reeve changes'), 50);
    try {
      for (const state of ['1', '2', '3']) {
        await b.read('x');
        await a.change('x', state);
        const changedMs = performance.now();
        await until(async () => (await b.read('x')) === state);
        expect(performance.now() - changedMs).toBeLessThan(1000);
      }
    } finally {
      clearInterval(cutting);
    }
    await until(() => b.feed.isListening);
  });

  it('is not used while changes cannot be read', async () => {
    await b.read('x');
    const lock = new pg.Client({ connectionString: stage.database.ownerUrl });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE access_changes IN ACCESS EXCLUSIVE MODE');
    const staleAfterMs = await until(() => !b.feed.isFresh());
    expect(staleAfterMs).toBeLessThan(950);
    expect(b.cache.peek('x')).toBeUndefined();
    const loads = b.loads;
    await stage.rows(`UPDATE subjects SET state = 'changed behind' WHERE id = 'x'`);
    expect(await b.read('x')).toBe('changed behind');
    expect(await b.read('x')).toBe('changed behind');
    expect(b.loads).toBe(loads + 2);
    await lock.end();
    await until(() => b.feed.isFresh());
  });

  it('is forgotten by a change that was begun before and committed after others', async () => {
    await Promise.all([b.read('x'), b.read('y')]);
    const slow = new pg.Client({ connectionString: stage.database.ownerUrl });
    await slow.connect();
    await slow.query(`BEGIN; INSERT INTO access_changes (kind, subject) VALUES ('user', 'x')`);
    await a.change('y', 'new');
    await until(() => b.cache.peek('y') === undefined);
    // Several polls read past the slow one's id.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(b.cache.peek('x')).toBe('old');
    await slow.query('COMMIT');
    expect(await until(() => b.cache.peek('x') === undefined)).toBeLessThan(700);
    await slow.end();
  });

  it('is not remembered when it changed while it was loaded', async () => {
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const loading = b.cache.get('x', async () => {
      await gate;
      return 'old';
    });
    await a.change('x', 'new');
    await b.feed.poke();
    // Who asks after the change does not get the answer from before it.
    expect(await b.read('x')).toBe('new');
    go();
    expect(await loading).toBe('old');
    expect(b.cache.peek('x')).toBe('new');
  });

  it('is loaded once for all who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => b.read('x')));
    expect(b.loads).toBe(1);
  });

  it('is remembered from inside a transaction only once that is committed', async () => {
    await expect(
      b.replica.inTransaction(async () => {
        await b.cache.get('x', () => Promise.resolve('uncommitted'));
        expect(b.cache.peek('x')).toBeUndefined();
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect(b.cache.peek('x')).toBeUndefined();
    await b.replica.inTransaction(() => b.cache.get('x', () => Promise.resolve('committed')));
    expect(b.cache.peek('x')).toBe('committed');
  });

  it('is all forgotten by a process that was away for longer than changes are kept', async () => {
    await b.read('x');
    const heard: string[] = [];
    b.feed.subscribe({ changed: () => undefined, changedUnseen: () => heard.push('everything') });
    // The feed's own notion of when it last read, as after a night's sleep of the machine.
    const position = (b.feed as unknown as { position: { readAt: Date } }).position;
    position.readAt = new Date(position.readAt.getTime() - 3_600_000);
    await b.feed.poke();
    expect(heard).toEqual(['everything']);
    expect(b.cache.peek('x')).toBeUndefined();
    await b.read('x');
    expect(b.cache.peek('x')).toBe('old');
  });

  it('is all forgotten when another server answers, for it may lack what the former one had', async () => {
    await b.read('x');
    const heard: string[] = [];
    b.feed.subscribe({ changed: () => undefined, changedUnseen: () => heard.push('everything') });
    const position = (b.feed as unknown as { position: { server: string } }).position;
    position.server = 'the primary that has just been lost';
    await b.feed.poke();
    expect(heard).toEqual(['everything']);
    expect(b.cache.peek('x')).toBeUndefined();
    await b.read('x');
    await b.feed.poke();
    expect(b.cache.peek('x')).toBe('old');
  });

  it('is forgotten although another listener fails', async () => {
    const before = await startReplica(stage.database.runtimeUrl);
    const feed = before.get(ChangeFeed);
    feed.onChange(() => {
      throw new Error('deaf');
    });
    const heard: string[] = [];
    feed.onChange((tag) => heard.push(tag));
    await a.change('x', 'new');
    await until(() => heard.includes('user:x'));
    expect(feed.isFresh()).toBe(true);
    await before.stop();
  });

  it('is asked for again and again while the pool is full, and late answers count for nothing', async () => {
    (b.feed as unknown as { connection: { close(): void } }).connection.close();
    const { connections } = b.replica.get(DatabasePool);
    const { offsetMs } = b.replica.get(Clock);
    const held = await Promise.all(
      Array.from({ length: connections.options.max }, () => connections.connect()),
    );
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const waiting = connections.waitingCount;
    expect(b.feed.isFresh()).toBe(false);
    for (const client of held) client.release();
    await until(() => b.feed.isFresh());
    expect(waiting).toBeGreaterThan(1);
    // An answer that came 2.5 s late would have moved it by more than a second.
    expect(Math.abs(b.replica.get(Clock).offsetMs - offsetMs)).toBeLessThan(500);
  });

  it('stays bounded, and keeps what is asked for', async () => {
    for (let i = 0; i < 1000; i++) {
      await b.cache.get(`n${i}`, () => Promise.resolve('v'));
      b.cache.peek('n0');
    }
    expect(b.cache.size).toBe(100);
    expect(b.cache.peek('n0')).toBe('v');
  });

  it('stays bounded by what the values weigh, where they differ in that', async () => {
    const weighed = new TaggedCache<string, number>(a.feed, {
      max: 100,
      weightOf: (value) => value,
      tagsOf: (_, id) => [`user:${id}`],
    });
    const load = (id: string, weight: number) => weighed.get(id, () => Promise.resolve(weight));
    for (const id of ['one', 'two', 'three']) await load(id, 30);
    weighed.peek('one');

    await load('heavy', 60);
    expect(['one', 'two', 'three', 'heavy'].filter((id) => weighed.peek(id) !== undefined)).toEqual([
      'one',
      'heavy',
    ]);
    await load('heavier than all', 101);
    expect(weighed.peek('heavier than all')).toBeUndefined();
    expect(weighed.size).toBe(2);
    weighed.forget('heavy');
    for (const id of ['four', 'five']) await load(id, 35);
    expect(weighed.size).toBe(3);
  });

  it('wakes the others once for many changes at a time', async () => {
    const before = await notices();
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => a.replica.inTransaction(() => a.feed.announce('user', `n${i}`))),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await notices()).toBeLessThan(before + 40);
  });

  /** NOTIFY takes no transaction id, so it is counted where it is sent. */
  let sent = 0;
  const notices = async () => {
    const pool = (a.feed as unknown as { pool: { query(query: { text: string }): Promise<unknown> } }).pool;
    if (sent === 0) {
      const send = pool.query.bind(pool);
      pool.query = (query) => {
        if (query.text.startsWith('NOTIFY')) sent += 1;
        return send(query);
      };
      sent = 1;
    }
    return sent;
  };

  it('can be looked up for little more than the price of looking at the clock', async () => {
    await b.read('x');
    const entries = new Map([['x', 'old']]);
    const bestOf = async (look: () => unknown) => {
      let best = Infinity;
      for (let run = 0; run < 10; run++) {
        await b.feed.poke();
        const beganMs = performance.now();
        for (let i = 0; i < 50_000; i++) look();
        best = Math.min(best, performance.now() - beganMs);
      }
      return best;
    };
    const floor = await bestOf(() => performance.now() > 0 && entries.get('x'));
    expect(await bestOf(() => b.cache.peek('x'))).toBeLessThan(4 * floor);
  });
});

describe('the clock', () => {
  it('learns from a slow answer only what it proves', () => {
    const clock = new Clock();
    const databaseClock = new DatabaseClock(clock);
    databaseClock.measured(new Date(10_040), 10_000, 10_020);
    expect(clock.offsetMs).toBe(30);
    // Asked for a connection at 20 s, had it at 25 s: the middle would be 2.5 s wrong.
    databaseClock.measured(new Date(25_030), 20_000, 25_010);
    expect(clock.offsetMs).toBe(30);
    databaseClock.measured(new Date(33_000), 30_000, 31_000);
    expect(clock.offsetMs).toBe(2_000);
  });

  it('follows the database and says when it cannot', async () => {
    const stage = await Stage.open();
    const replica = await startReplica(stage.database.runtimeUrl);
    const clock = replica.get(Clock);
    const databaseClock = replica.get(DatabaseClock);
    expect(databaseClock.isTrusted()).toBe(true);
    expect(Math.abs(clock.offsetMs)).toBeLessThan(100);
    databaseClock.measured(new Date(clock.machineMs() + 3000), clock.machineMs(), clock.machineMs());
    expect(clock.nowMs() - clock.machineMs()).toBe(3000);
    expect(databaseClock.isTrusted()).toBe(false);
    await until(() => databaseClock.isTrusted());
    await replica.stop();
    clock.monotonicMs = () => performance.now() + 5_100;
    expect(databaseClock.isTrusted()).toBe(false);
    await stage.close();
    expect(inOperation(() => true)).toBe(true);
  });
});
