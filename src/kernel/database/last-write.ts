import type { Connection, PoolClient, Submittable } from 'pg';
import type { Statement } from './statement.js';

/** A statement with its values, spelled as PostgreSQL reads them. */
export interface BoundStatement {
  readonly statement: Statement<unknown>;
  readonly values: readonly (string | null)[];
}

/** A way to write rows that goes out together with COMMIT. */
export interface LastWrite<Row> {
  /** @param rows at least one; all that the transaction wants written in this way */
  readonly compose: (rows: readonly Row[]) => BoundStatement;
}

/**
 * The last statement of a transaction and COMMIT in one message, answered in one: a round trip less. When the statement
 * fails, the server passes over COMMIT.
 *
 * @returns what PostgreSQL answers: COMMIT
 */
export function commitWith(client: PoolClient, last: BoundStatement): Promise<string> {
  return new Promise((resolve, reject) => {
    client.query(
      new StatementAndCommit(last, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );
  });
}

/** What pg keeps for its own named statements; whoever prepares under a name has to look there first. */
interface Prepared {
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
}

/** A query as pg drives it: it calls `submit` and then one `handle…` for each message of the answer. */
class StatementAndCommit implements Submittable {
  /** Two statements, each of which the server gives 30 seconds (pool.ts); pg reads it here. */
  readonly query_timeout = 65_000;
  /** pg notes under this name that its connection knows the statement. */
  readonly name: string;
  readonly text: string;
  private answer = '';

  constructor(
    private readonly last: BoundStatement,
    /** pg puts its own around this one, to watch the time. */
    readonly callback: (error: Error | null, answer: string) => void,
  ) {
    this.name = last.statement.name;
    this.text = last.statement.text;
  }

  submit(connection: Connection): null {
    const { stream } = connection;
    const { parsedStatements } = connection as unknown as Prepared;
    stream.cork();
    try {
      if (parsedStatements[this.name] === undefined)
        connection.parse({ name: this.name, text: this.text, types: [] }, true);
      connection.bind({ statement: this.name, values: [...this.last.values] }, true);
      connection.execute(null, true);
      connection.parse({ name: '', text: 'COMMIT', types: [] }, true);
      connection.bind({}, true);
      connection.execute(null, true);
      connection.sync();
    } finally {
      stream.uncork();
    }
    return null;
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.answer = text;
  }

  handleError(error: Error): void {
    this.callback(error, '');
  }

  handleReadyForQuery(): void {
    this.callback(null, this.answer);
  }
}
