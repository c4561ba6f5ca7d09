import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  CommitUncertain,
  DatabaseModule,
  Database,
  databaseProblemOf,
  type LastWrite,
  refusing,
  statement,
  Transactional,
  UnitOfWork,
} from '../../src/kernel/database/index.js';
import { NotFound } from '../../src/kernel/problem/index.js';
import { currentOperation } from '../../src/kernel/operation/index.js';
import { inOperation, type Replica, Stage, startReplica } from './kernel-context.js';

@Entity('things')
class Thing {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'varchar' })
  name: string;
}

const insert = statement('thing_insert', 'INSERT INTO things (id, name) VALUES ($1, $2)');
const insertAll = statement(
  'thing_insert_all',
  'INSERT INTO things (id, name) SELECT * FROM unnest($1::integer[], $2::text[])',
);
const all = statement<Thing>('thing_all', 'SELECT id, name FROM things ORDER BY id');
const rename = statement('thing_rename', 'UPDATE things SET name = name || $2 WHERE id = $1');

const cut = statement('cut_at_commit', 'INSERT INTO cuts VALUES (1)');
const last: LastWrite<Thing> = {
  compose: (rows) => ({
    statement: insertAll,
    values: [`{${rows.map(({ id }) => id).join()}}`, `{${rows.map(({ name }) => name).join()}}`],
  }),
};

@Injectable()
class Things {
  attempts = 0;
  committed: string[] = [];

  constructor(
    readonly database: Database,
    readonly unitOfWork: UnitOfWork,
  ) {}

  @Transactional()
  async add(id: number, name: string): Promise<void> {
    this.attempts += 1;
    await this.database.write(insert, [id, name]);
    this.unitOfWork.afterCommit(() => this.committed.push(name));
  }

  @Transactional()
  async addBoth(first: number, second: number): Promise<void> {
    await this.add(first, 'first');
    await this.add(second, 'second');
  }

  @Transactional()
  async addAndFail(id: number): Promise<void> {
    await this.add(id, 'doomed');
    throw new Error('no');
  }
}

describe('a use case', () => {
  let stage: Stage;
  let replica: Replica;
  let things: Things;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.owner.query('CREATE TABLE things (id integer PRIMARY KEY, name text NOT NULL)');
    await stage.owner.query('CREATE TABLE cuts (id integer)');
    await stage.owner.query(`
      CREATE FUNCTION cut_connection() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`);
    await stage.owner.query(`
      CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON cuts DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION cut_connection()`);
    await stage.owner.query('GRANT ALL ON things, cuts TO PUBLIC');
    void DatabaseModule.entities([Thing]);
    replica = await startReplica(stage.database.runtimeUrl, {
      providers: [Things],
      changes: { dbPoolSize: 5 },
    });
    things = replica.get(Things);
  });
  beforeEach(async () => {
    await stage.owner.query('TRUNCATE things');
    things.attempts = 0;
    things.committed = [];
  });
  afterAll(async () => {
    await replica.stop();
    await stage.close();
  });

  const names = async () =>
    (await stage.rows<Thing>('SELECT name FROM things ORDER BY id')).map(({ name }) => name);

  it('leaves everything it wrote, and is told when it is committed', async () => {
    await inOperation(() => things.addBoth(1, 2));
    expect(await names()).toEqual(['first', 'second']);
    expect(things.committed).toEqual(['first', 'second']);
  });

  it('leaves nothing when it fails, and nobody is told', async () => {
    await expect(inOperation(() => things.addAndFail(1))).rejects.toThrow('no');
    await expect(inOperation(() => things.addBoth(1, 1))).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
    expect(things.committed).toEqual([]);
  });

  it('cannot write outside a transaction', async () => {
    await expect(inOperation(() => things.database.write(insert, [1, 'x']))).rejects.toThrow(
      'needs a transaction',
    );
    expect(() => inOperation(() => things.database.entities(Thing))).toThrow('needs a transaction');
    expect(await names()).toEqual([]);
  });

  it('sees its own writes, which others do not see before the commit', async () => {
    await replica.inTransaction(async () => {
      await things.add(1, 'mine');
      expect(await things.database.read(all)).toEqual([{ id: 1, name: 'mine' }]);
      expect(await things.database.reading(Thing).count()).toBe(1);
      expect(await names()).toEqual([]);
    });
    expect(await names()).toEqual(['mine']);
  });

  it('shares its transaction with TypeORM', async () => {
    await expect(
      replica.inTransaction(async () => {
        await things.database.entities(Thing).save({ id: 1, name: 'by TypeORM' });
        await things.add(2, 'by statement');
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    await replica.inTransaction(() => things.database.entities(Thing).insert({ id: 3, name: 'kept' }));
    expect(await names()).toEqual(['kept']);
  });

  it('runs again as a whole when PostgreSQL found it in the way of another', async () => {
    await inOperation(() => things.addBoth(1, 2));
    things.attempts = 0;
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    let waiting = 0;
    let runs = 0;
    const lockBoth = (first: number, second: number) =>
      replica.inTransaction(async () => {
        runs += 1;
        await things.database.write(rename, [first, '!']);
        waiting += 1;
        if (waiting === 2) meet();
        await met;
        await things.database.write(rename, [second, '!']);
      });
    await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
    expect(runs).toBe(3);
    expect(await names()).toEqual(['first!!', 'second!!']);
  });

  it('gives up after four runs', async () => {
    let runs = 0;
    const collide = replica.inTransaction(async () => {
      runs += 1;
      await things.database.write(
        statement('raise_40001', `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`),
      );
    });
    await expect(collide).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(4);
  });

  it('is not run again when the connection was lost while committing', async () => {
    let runs = 0;
    const lost = replica.inTransaction(async () => {
      runs += 1;
      await things.add(1, 'who knows');
      // Fires at COMMIT: the server ends the connection before it answers.
      await things.database.write(cut);
    });
    const error = await lost.catch((reason: unknown) => reason);
    expect(databaseProblemOf(error)?.code).toBe('database_unavailable');
    expect(runs).toBe(1);
    expect(await inOperation(() => things.database.read(all))).toEqual([]);
  });

  describe('with rows that are written last', () => {
    const lastly = (...rows: Thing[]) => things.database.writeLast(last, rows);

    it('writes them all in one statement, and with COMMIT, however often its connection has done so', async () => {
      for (const id of [10, 20, 30]) {
        const before = things.database.queriesIssued;
        await replica.inTransaction(async () => {
          lastly({ id: id + 2, name: 'last' });
          await things.add(id, 'first');
          lastly({ id: id + 1, name: 'later' });
        });
        expect(things.database.queriesIssued - before).toBe(3);
      }
      expect(await names()).toEqual(Array.from({ length: 3 }, () => ['first', 'later', 'last']).flat());
    });

    it('leaves nothing when one of them is refused, and the connection is good for others', async () => {
      const refused = () =>
        replica.inTransaction(async () => {
          await things.add(1, 'undone');
          lastly({ id: 2, name: 'undone' }, { id: 1, name: 'there already' });
        });
      for (let time = 1; time <= 3; time += 1)
        await expect(refused()).rejects.toMatchObject({ code: '23505' });
      expect(things.committed).toEqual([]);
      await replica.inTransaction(async () => lastly({ id: 3, name: 'kept' }));
      expect(await names()).toEqual(['kept']);
    });

    it('leaves nothing of them when it fails, or passed over a failed statement', async () => {
      const failing = replica.inTransaction(async () => {
        lastly({ id: 1, name: 'x' });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      const careless = replica.inTransaction(async () => {
        await things.add(1, 'before');
        await things.database.write(insert, [1, 'again']).catch(() => undefined);
        lastly({ id: 2, name: 'last' });
      });
      await expect(careless).rejects.toMatchObject({ code: '25P02' });
      expect(await names()).toEqual([]);
    });

    it('is not run again when the connection was lost while committing', async () => {
      let runs = 0;
      const lost = replica.inTransaction(async () => {
        runs += 1;
        lastly({ id: 1, name: 'who knows' });
        await things.database.write(cut);
      });
      const error = await lost.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CommitUncertain);
      expect(runs).toBe(1);
      expect(await names()).toEqual([]);
    });

    it('writes none of them outside a transaction', async () => {
      await expect(inOperation(async () => lastly({ id: 1, name: 'x' }))).rejects.toThrow(
        'needs a transaction',
      );
    });
  });

  it('does not commit half of itself when a failed statement was passed over', async () => {
    const careless = replica.inTransaction(async () => {
      await things.add(1, 'before');
      await things.database.write(insert, [1, 'again']).catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('undone');
    expect(await names()).toEqual([]);
  });

  it('runs statements one after the other, also when they are not awaited one by one', async () => {
    await replica.inTransaction(() =>
      Promise.all([1, 2, 3].map((id) => things.database.write(insert, [id, `${id}`]))),
    );
    expect(await names()).toEqual(['1', '2', '3']);
  });

  it('cannot write through a transaction that is over', async () => {
    let late: () => Promise<unknown> = () => Promise.resolve();
    await replica.inTransaction(async () => {
      const operation = currentOperation();
      late = async () => {
        const { runInOperation } = await import('../../src/kernel/operation/index.js');
        return runInOperation(operation, () => things.database.write(insert, [9, 'late']));
      };
    });
    await expect(late()).rejects.toThrow('over');
  });

  it('is refused by the rule whose constraint it met', async () => {
    await inOperation(() => things.add(1, 'there'));
    const again = replica.inTransaction(() =>
      refusing(things.database.write(insert, [1, 'again']), { things_pkey: () => new NotFound() }),
    );
    await expect(again).rejects.toBeInstanceOf(NotFound);
    const byTypeOrm = replica.inTransaction(() =>
      refusing(things.database.entities(Thing).insert({ id: 1, name: 'again' }), {
        things_pkey: () => new NotFound(),
      }),
    );
    await expect(byTypeOrm).rejects.toBeInstanceOf(NotFound);
  });

  it('counts the queries it takes: one insert is three round trips', async () => {
    const before = things.database.queriesIssued;
    await inOperation(() => things.add(1, 'counted'));
    expect(things.database.queriesIssued - before).toBe(3);
  });
});
