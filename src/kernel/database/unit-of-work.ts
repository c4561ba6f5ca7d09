import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import {
  currentOperation,
  type Operation,
  operationOrNull,
  runInOperation,
  withinTransaction,
} from '../operation/index.js';
import { Entropy } from '../runtime/index.js';
import { CommitUncertain, isConnectionFailure, isWorthRunningAgain } from './database-error.js';
import { type BoundStatement, commitWith } from './last-write.js';
import { OpenTransaction } from './open-transaction.js';
import { DatabasePool } from './pool.js';

const MOST_RUNS = 4;
const FIRST_PAUSE_MS = 5;

/** One use case is one transaction: everything in it happens, or nothing. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly pool: DatabasePool,
    private readonly dataSource: DataSource,
    private readonly entropy: Entropy,
  ) {}

  /**
   * Runs the work in a transaction, or in the one that is open already. When PostgreSQL refused the outermost one
   * because of others running beside it (40001, 40P01), the whole work runs again in a new transaction, three times at
   * most: it must have no effect outside the database.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const operation = currentOperation();
    if (operation.transaction !== null) return work();
    for (let run = 1; ; run += 1) {
      try {
        return await this.runOnce(operation, work);
      } catch (error) {
        if (run === MOST_RUNS || !isWorthRunningAgain(error)) throw error;
        await pause(this.pauseMs(run));
      }
    }
  }

  /** Called when the outermost transaction has been committed, never when it was rolled back. */
  afterCommit(callback: () => void): void {
    const { transaction } = currentOperation();
    if (transaction === null) throw new Error('afterCommit needs a transaction.');
    transaction.afterCommit(callback);
  }

  isActive(): boolean {
    return operationOrNull()?.transaction?.isOpen === true;
  }

  private async runOnce<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connections.connect();
    const transaction = new OpenTransaction(client, this.dataSource);
    let spoilt: Error | undefined;
    let result: T;
    try {
      await client.query('BEGIN');
      try {
        result = await runInOperation(withinTransaction(operation, transaction), () =>
          admitted(operation, work),
        );
      } finally {
        await transaction.close();
      }
      await commit(client, transaction.lastStatement());
    } catch (error) {
      spoilt = await rolledBack(client, error);
      throw error;
    } finally {
      client.release(spoilt);
    }
    transaction.runCallbacks();
    return result;
  }

  /** Between none and twice the usual pause, which doubles: those who collided should not meet again. */
  private pauseMs(run: number): number {
    return (this.entropy.bytes(1)[0] / 128) * FIRST_PAUSE_MS * 2 ** run;
  }
}

async function admitted<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  if (operation.admit !== undefined) await operation.admit();
  return work();
}

async function commit(client: PoolClient, last: BoundStatement | null): Promise<void> {
  let answer;
  try {
    answer = last === null ? (await client.query('COMMIT')).command : await commitWith(client, last);
  } catch (error) {
    throw isConnectionFailure(error) ? new CommitUncertain(error) : error;
  }
  // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and somebody went on as if it had not.
  if (answer === 'ROLLBACK')
    throw new Error('A failed statement was passed over; the transaction was undone.');
}

/** Undoes what was begun; returns the reason when the connection cannot be used any more. */
async function rolledBack(client: PoolClient, reason: unknown): Promise<Error | undefined> {
  if (reason instanceof CommitUncertain) return reason;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
