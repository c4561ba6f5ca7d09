import { Injectable } from '@nestjs/common';
import { Database, databaseProblemOf } from '../database/index.js';
import { currentOperation } from '../operation/index.js';
import { Configuration } from '../runtime/index.js';
import { AppendedEntries } from './appended-entries.js';
import type { SealedEntry } from './audit-entry.js';
import {
  entriesValues,
  entryValues,
  insertEntry,
  type RecordedChange,
  writeEntries,
} from './entry-statements.js';
import { EntryWriter } from './entry-writer.js';
import type { Fact } from './fact.js';
import { GroupedWriter } from './grouped-writer.js';
import { TransactionHandlers } from './transaction-handlers.js';

export interface FactConnection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Where facts go. A fact that cannot be written fails whatever it reports. */
@Injectable()
export class EventLog {
  private readonly appended: GroupedWriter<SealedEntry>;

  constructor(
    private readonly database: Database,
    private readonly entries: EntryWriter,
    private readonly handlers: TransactionHandlers,
    private readonly written: AppendedEntries,
    configuration: Configuration,
  ) {
    this.appended = new GroupedWriter({
      poolSize: configuration.dbPoolSize,
      writeAll: (rows) => this.insertDurably(rows),
      isRowsFault: (error) => databaseProblemOf(error) === null,
    });
  }

  /**
   * The fact of a change, inside the transaction that makes it: either both are there afterwards or neither. Runs the
   * `@InTransaction` handlers of the fact before it returns. The entries of a transaction are written together, with its
   * COMMIT: nothing in it can read them, and what PostgreSQL has against one comes out of the use case.
   *
   * @throws Error outside a transaction, also without a fact
   */
  async record(...facts: Fact[]): Promise<void> {
    const sealed = facts.map((fact) => this.entries.seal(fact));
    this.database.writeLast(writeEntries, sealed);
    this.written.add(sealed.length);
    for (const fact of facts)
      for (const handle of this.handlers.for(fact.declaration.action)) await handle(fact);
  }

  /**
   * A change and its facts in one statement, which is a transaction of its own: where a use case is asked for so often
   * that BEGIN, several statements and COMMIT are too many round trips. Whoever calls it has the same change as a
   * `@Transactional()` use case besides, for when this cannot be.
   *
   * @returns what changed; null when nothing did, or when a handler wants to be in the transaction of such a fact:
   *   nothing has been written then
   */
  async recordedWith<Row>(
    change: RecordedChange<Row>,
    values: readonly unknown[],
    facts: readonly Fact[],
  ): Promise<Row | null> {
    const { transaction, admit } = currentOperation();
    if (transaction !== null || admit !== undefined)
      throw new Error(`${change.name} is a transaction of its own and must not be asked for in another.`);
    if (facts.some(({ declaration }) => this.handlers.for(declaration.action).length > 0)) return null;
    const sealed = facts.map((fact) => this.entries.seal(fact));
    const [changed] = await this.database.writeAlone(change, [...values, ...entriesValues(sealed)]);
    if (changed === undefined) return null;
    this.written.add(sealed.length);
    return changed;
  }

  /**
   * A fact that goes with no other change. Never part of an open transaction: resolves when it is on disk, also when
   * the caller's transaction is undone afterwards. Concurrent callers share a write, so this is for high rates too.
   */
  append(fact: Fact): Promise<void> {
    const { action } = fact.declaration;
    if (this.handlers.for(action).length > 0)
      return Promise.reject(new Error(`${action} has handlers in its transaction; record it.`));
    return this.appended.write(this.entries.seal(fact));
  }

  /**
   * The fact of a change that a connection of its own makes, such as the owner's: part of the transaction that is open
   * on it.
   */
  async recordOn(connection: FactConnection, fact: Fact): Promise<void> {
    const { action } = fact.declaration;
    if (this.handlers.for(action).length > 0)
      throw new Error(`${action} has handlers in its transaction; record it.`);
    await connection.query(insertEntry.text, entryValues(this.entries.seal(fact)));
  }

  private async insertDurably(rows: readonly SealedEntry[]): Promise<void> {
    const { statement, values } = writeEntries.compose(rows);
    await this.database.writeAlone(statement, [...values]);
    this.written.add(rows.length);
  }
}
