import { Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';
import { operationOrNull } from '../operation/index.js';
import type { LastWrite } from './last-write.js';
import { OpenTransaction } from './open-transaction.js';
import { DatabasePool, type PoolStats } from './pool.js';
import type { Statement } from './statement.js';

/** What a repository may do without a transaction. */
export type ReadingRepository<Entity extends ObjectLiteral> = Pick<
  Repository<Entity>,
  | 'find'
  | 'findBy'
  | 'findOne'
  | 'findOneBy'
  | 'findAndCount'
  | 'count'
  | 'countBy'
  | 'exists'
  | 'existsBy'
  | 'createQueryBuilder'
>;

/** The way to PostgreSQL for repositories. Everything joins the transaction of the operation when there is one. */
@Injectable()
export class Database {
  constructor(
    private readonly pool: DatabasePool,
    private readonly dataSource: DataSource,
  ) {}

  async read<Row>(statement: Statement<Row>, values: unknown[] = []): Promise<Row[]> {
    const transaction = activeTransaction();
    const query = { name: statement.name, text: statement.text, values };
    if (transaction === null) return this.pool.query<Row>(query);
    return (await transaction.query(query)).rows as Row[];
  }

  async readOne<Row>(statement: Statement<Row>, values: unknown[] = []): Promise<Row | null> {
    return onlyRow(statement, await this.read(statement, values));
  }

  /** @throws Error outside a transaction, which is a mistake of the program. */
  async write<Row>(statement: Statement<Row>, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await requiredTransaction(statement.name).query({
      name: statement.name,
      text: statement.text,
      values,
    });
    return rows as Row[];
  }

  async writeOne<Row>(statement: Statement<Row>, values: unknown[] = []): Promise<Row | null> {
    return onlyRow(statement, await this.write(statement, values));
  }

  /**
   * Rows that nothing else in the transaction reads: all of them go out in one statement together with COMMIT, which
   * costs no round trip. What PostgreSQL has against them comes out of the use case as its failure.
   *
   * @throws Error outside a transaction, which is a mistake of the program.
   */
  writeLast<Row>(write: LastWrite<Row>, rows: readonly Row[]): void {
    requiredTransaction('writing last').writeLast(write, rows);
  }

  /**
   * One statement that is a transaction of its own, on a connection of its own, whatever else is open: what it wrote is
   * durable when this resolves.
   */
  async writeAlone<Row>(statement: Statement<Row>, values: unknown[] = []): Promise<Row[]> {
    return this.pool.query<Row>({ name: statement.name, text: statement.text, values });
  }

  /** TypeORM's repository, inside a transaction only. Not for hot paths: it costs several times a statement. */
  entities<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return requiredTransaction('entities').manager.getRepository(entity);
  }

  /** TypeORM's repository for reading, with or without a transaction. */
  reading<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): ReadingRepository<Entity> {
    const transaction = activeTransaction();
    return (transaction?.manager ?? this.dataSource.manager).getRepository(entity);
  }

  /** Queries sent since the start, for tests and benchmarks that promise a number of them. */
  get queriesIssued(): number {
    return this.pool.queriesIssued;
  }

  poolStats(): PoolStats {
    return this.pool.poolStats();
  }
}

function activeTransaction(): OpenTransaction | null {
  const transaction = operationOrNull()?.transaction ?? null;
  return transaction instanceof OpenTransaction ? transaction : null;
}

function requiredTransaction(purpose: string): OpenTransaction {
  const transaction = activeTransaction();
  if (transaction === null)
    throw new Error(`${purpose}: writing needs a transaction; put @Transactional on the use case.`);
  return transaction;
}

function onlyRow<Row>(statement: Statement<Row>, rows: Row[]): Row | null {
  if (rows.length > 1) throw new Error(`${statement.name} gave ${rows.length} rows where one was expected.`);
  return rows[0] ?? null;
}
