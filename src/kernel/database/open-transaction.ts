import type { DataSource, EntityManager } from 'typeorm';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Transaction } from '../operation/index.js';
import type { BoundStatement, LastWrite } from './last-write.js';

/** A transaction on its connection, from BEGIN until COMMIT or ROLLBACK has been answered. */
export class OpenTransaction implements Transaction {
  private open = true;
  private running: Promise<unknown> | null = null;
  private entityManager: EntityManager | null = null;
  private last: { readonly write: LastWrite<unknown>; readonly rows: unknown[] } | null = null;
  private readonly callbacks: (() => void)[] = [];

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
  ) {}

  get isOpen(): boolean {
    return this.open;
  }

  afterCommit(callback: () => void): void {
    this.requireOpen();
    this.callbacks.push(callback);
  }

  /** Statements of one transaction run one after the other, also when the caller did not wait in between. */
  query(query: QueryConfig): Promise<QueryResult> {
    this.requireOpen();
    const before = this.running;
    const answer = before === null ? this.client.query(query) : before.then(() => this.client.query(query));
    const settled = answer.then(noop, noop).then(() => {
      if (this.running === settled) this.running = null;
    });
    this.running = settled;
    return answer;
  }

  /** Rows that are written when all else has been, in one statement that is sent together with COMMIT. */
  writeLast<Row>(write: LastWrite<Row>, rows: readonly Row[]): void {
    this.requireOpen();
    this.last ??= { write: write as LastWrite<unknown>, rows: [] };
    if (this.last.write !== write) throw new Error('A transaction has one way of writing last.');
    this.last.rows.push(...rows);
  }

  /** Null when nothing is to be written last. */
  lastStatement(): BoundStatement | null {
    return this.last === null || this.last.rows.length === 0 ? null : this.last.write.compose(this.last.rows);
  }

  /** TypeORM inside this transaction. Made when first asked for, because most use cases need none. */
  get manager(): EntityManager {
    this.requireOpen();
    this.entityManager ??= this.joinedManager();
    return this.entityManager;
  }

  /** No statement enters any more; resolves when the last one has been answered. */
  async close(): Promise<void> {
    this.open = false;
    await this.running;
  }

  runCallbacks(): void {
    for (const callback of this.callbacks) callback();
  }

  private requireOpen(): void {
    if (!this.open) throw new Error('The transaction is over: something was not awaited inside it.');
  }

  /**
   * A query runner that stands in the middle of our transaction. TypeORM has no public way to adopt a connection, so
   * its fields are set: with a connection it asks the pool for none, with a depth it begins and commits nothing.
   */
  private joinedManager(): EntityManager {
    const runner = this.dataSource.createQueryRunner();
    const connection = { query: (text: string, values?: unknown[]) => this.query({ text, values }) };
    Object.assign(runner, { databaseConnection: connection, isTransactionActive: true, transactionDepth: 1 });
    return runner.manager;
  }
}

function noop(): void {}
